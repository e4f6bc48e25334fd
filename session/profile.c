/*
 * Profile: the payload is com.apple.system.logging, which Apple describes for macOS 10.12 and later
 * and which may be installed by hand. The keys of Subsystems are those of the files in
 * /Library/Preferences/Logging/Subsystems.
 */
#include "session/profile.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define RANDOM_DEVICE "/dev/urandom"
#define IDENTIFIER "mdmscope.debug-logging"

static const char HEAD[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                           "<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" "
                           "\"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n";

static const char WARNING[] =
    "Makes this Mac log more than usual while an enrolment is looked into. Remove the profile "
    "afterwards: the log grows faster, and whoever can read it learns more.";

static const char PRIVATE_WARNING[] =
    "Values that macOS masks (names, addresses, tokens) are written to the log as they are, by "
    "every program, as long as the profile is there: remove it as soon as the capture is made, and "
    "give the capture to nobody unread.";

/* Appends a UUID of version 4 made of 16 random bytes. */
static void add_uuid(StrBuf *buf, const unsigned char *random)
{
    for (size_t i = 0; i < PROFILE_UUID_BYTES; i++) {
        unsigned byte = random[i];
        byte = i == 6 ? (byte & 0x0F) | 0x40 : i == 8 ? (byte & 0x3F) | 0x80 : byte;
        strbuf_printf(buf, "%s%02X", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", byte);
    }
}

static void add_line(StrBuf *buf, size_t depth, const char *text)
{
    strbuf_add_many(buf, '\t', depth);
    strbuf_add_str(buf, text);
    strbuf_add_char(buf, '\n');
}

static void add_key(StrBuf *buf, size_t depth, const char *key, const char *element)
{
    strbuf_add_many(buf, '\t', depth);
    strbuf_printf(buf, "<key>%s</key>\n", key);
    add_line(buf, depth, element);
}

static void add_string(StrBuf *buf, size_t depth, const char *key, const char *value)
{
    strbuf_add_many(buf, '\t', depth);
    strbuf_printf(buf, "<key>%s</key>\n", key);
    strbuf_add_many(buf, '\t', depth);
    strbuf_printf(buf, "<string>%s</string>\n", value);
}

static void add_identity(StrBuf *buf, size_t depth, const char *identifier, const char *type,
                         const unsigned char *random)
{
    StrBuf uuid = {0};
    add_uuid(&uuid, random);
    add_string(buf, depth, "PayloadIdentifier", identifier);
    add_string(buf, depth, "PayloadType", type);
    add_string(buf, depth, "PayloadUUID", uuid.ptr);
    add_key(buf, depth, "PayloadVersion", "<integer>1</integer>");
    strbuf_done(&uuid);
}

static void add_subsystem(StrBuf *buf, const LoggingFact *fact)
{
    StrBuf name = {0};
    strbuf_add(&name, fact->subsystem);
    add_key(buf, 4, name.ptr, "<dict>");
    add_key(buf, 5, "DEFAULT-OPTIONS", "<dict>");
    add_key(buf, 6, "Level", "<dict>");
    add_string(buf, 7, "Enable", "Debug");
    add_string(buf, 7, "Persist", "Debug");
    add_line(buf, 6, "</dict>");
    add_line(buf, 5, "</dict>");
    add_line(buf, 4, "</dict>");
    strbuf_done(&name);
}

static void add_payload(StrBuf *buf, const LoggingFacts *facts, bool has_private_data,
                        const unsigned char *random)
{
    add_line(buf, 2, "<dict>");
    add_string(buf, 3, "PayloadDisplayName", "Debug logging of the enrolment");
    add_identity(buf, 3, IDENTIFIER ".payload", "com.apple.system.logging", random);
    add_key(buf, 3, "Subsystems", "<dict>");
    for (size_t i = 0; i < facts->count; i++) {
        add_subsystem(buf, &facts->items[i]);
    }
    add_line(buf, 3, "</dict>");
    if (has_private_data) {
        add_key(buf, 3, "System", "<dict>");
        add_key(buf, 4, "Enable-Private-Data", "<true/>");
        add_line(buf, 3, "</dict>");
    }
    add_line(buf, 2, "</dict>");
}

void profile_print(const LoggingFacts *facts, bool has_private_data, const unsigned char *random,
                   StrBuf *buf)
{
    StrBuf warning = {0};
    strbuf_printf(&warning, "%s%s%s", WARNING, has_private_data ? " " : "",
                  has_private_data ? PRIVATE_WARNING : "");
    strbuf_add_str(buf, HEAD);
    strbuf_printf(buf, "<!-- %s -->\n", warning.ptr);
    add_line(buf, 0, "<plist version=\"1.0\">");
    add_line(buf, 0, "<dict>");
    add_key(buf, 1, "PayloadContent", "<array>");
    add_payload(buf, facts, has_private_data, random + PROFILE_UUID_BYTES);
    add_line(buf, 1, "</array>");
    add_string(buf, 1, "PayloadDescription", warning.ptr);
    add_string(buf, 1, "PayloadDisplayName",
               has_private_data ? "MDM debug logging with private data (remove after use)"
                                : "MDM debug logging (remove after use)");
    add_identity(buf, 1, IDENTIFIER, "Configuration", random);
    add_string(buf, 1, "PayloadOrganization", "mdmscope");
    add_key(buf, 1, "PayloadRemovalDisallowed", "<false/>");
    add_string(buf, 1, "PayloadScope", "System");
    add_line(buf, 0, "</dict>");
    add_line(buf, 0, "</plist>");
    strbuf_done(&warning);
}

void profile_print_commands(const LoggingFacts *facts, bool has_private_data, StrBuf *buf)
{
    strbuf_add_str(buf, "# Debug logging without a profile; each line needs root.\n");
    for (size_t i = 0; i < facts->count; i++) {
        strbuf_printf(buf,
                      "sudo log config --subsystem %.*s --mode \"level:debug,persist:debug\"\n",
                      SV_ARG(facts->items[i].subsystem));
    }
    strbuf_add_str(buf, "\n# What is set:\n");
    for (size_t i = 0; i < facts->count; i++) {
        strbuf_printf(buf, "sudo log config --status --subsystem %.*s\n",
                      SV_ARG(facts->items[i].subsystem));
    }
    strbuf_add_str(buf, "\n# Back to what it was, once the capture is made:\n");
    for (size_t i = 0; i < facts->count; i++) {
        strbuf_printf(buf, "sudo log config --reset --subsystem %.*s\n",
                      SV_ARG(facts->items[i].subsystem));
    }
    if (has_private_data) {
        strbuf_add_str(buf,
                       "\n# Private data: log config cannot unmask them (macOS 10.15 and later "
                       "refuse\n# private_data:on). It takes the profile: mdmscope profile "
                       "--private-data\n");
    }
}

bool profile_random(unsigned char *buf, size_t len, Err *err)
{
    size_t done = 0;
    int fd = open(RANDOM_DEVICE, O_RDONLY | O_CLOEXEC);
    while (fd >= 0 && done < len) {
        ssize_t got = read(fd, buf + done, len - done);
        if (got <= 0 && !(got < 0 && errno == EINTR)) {
            break;
        }
        done += got > 0 ? (size_t)got : 0;
    }
    bool is_good = done == len || err_set(err, "cannot read '%s': %s", RANDOM_DEVICE,
                                          fd < 0 ? strerror(errno) : "it ended");
    if (fd >= 0) {
        (void)close(fd); /* was only read */
    }
    return is_good;
}
