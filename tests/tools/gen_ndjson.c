/*
 * gen_ndjson: writes as many lines of `log --style ndjson` as wanted, the same ones for the same
 * seed, for benchmarks and for the live tests. Keys, their order, names and texts are those of
 * public captures; what fills the open ends of messages is plain numbers and names, not Apple's
 * words.
 *
 *   gen_ndjson [--count N] [--seed S] [--rate R] [--order new|old] [--mdm yes|no]
 *
 * N 0 = without end; --mdm no leaves out what only a managed Mac says.
 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/str.h"

#define FIRST_NS INT64_C(1757318400000000000) /* 2025-09-08 10:00:00 +0200 */
#define WRITE_BYTES (256 * KIB)
#define SLICE_NS (5 * NS_PER_MS)
#define PERMILLE 1000

/* --- chance --------------------------------------------------------------------------------- */

typedef struct Chance {
    uint64_t state;
} Chance;

/* splitmix64 */
static uint64_t chance_next(Chance *chance)
{
    uint64_t value = chance->state += UINT64_C(0x9E3779B97F4A7C15);
    value = (value ^ (value >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    value = (value ^ (value >> 27)) * UINT64_C(0x94D049BB133111EB);
    return value ^ (value >> 31);
}

static uint64_t chance_below(Chance *chance, uint64_t limit)
{
    return chance_next(chance) % limit;
}

/* --- what there is -------------------------------------------------------------------------- */

typedef struct Program {
    const char *path;
    uint32_t user;
} Program;

/* clang-format off */
#define SIMULATOR "/Library/Developer/CoreSimulator/Volumes/iOS_23E254a/Library/Developer/CoreSimulator/Profiles/Runtimes/iOS 26.4.simruntime/Contents/Resources/RuntimeRoot"

static const Program PROGRAMS[] = {
    {"/kernel", 0},
    {"/sbin/launchd", 2863311530u},
    {"/usr/libexec/mdmclient", 0},
    {"/usr/libexec/teslad", 0},
    {"/usr/libexec/mobileactivationd", 0},
    {"/usr/libexec/dasd", 0},
    {"/usr/libexec/opendirectoryd", 0},
    {"/usr/libexec/remotemanagementd", 0},
    {"/usr/libexec/locationd", 205},
    {"/usr/libexec/trustd", 0},
    {"/usr/libexec/runningboardd", 0},
    {"/System/Library/PrivateFrameworks/ApplePushService.framework/apsd", 0},
    {"/System/Library/PrivateFrameworks/AppStoreDaemon.framework/Support/appstored", 0},
    {"/System/Library/CoreServices/powerd.bundle/powerd", 0},
    {"/System/Library/CoreServices/RemoteManagement/SSMenuAgent.app/Contents/MacOS/SSMenuAgent", 501},
    {"/System/Library/CoreServices/UnmountAssistantAgent.app/Contents/MacOS/UnmountAssistantAgent", 501},
    {"/System/Library/Frameworks/Security.framework/Versions/A/MachServices/authorizationhost.bundle/Contents/MacOS/authorizationhost", 0},
    {SIMULATOR "/System/Library/Frameworks/Contacts.framework/Support/contactsd", 501},
    {"/usr/sbin/coreaudiod", 202},
    {"/usr/bin/logger", 501},
};

typedef enum Shape { LOG, ACTIVITY, STATE } Shape;

/*
 * In `text`: %d a number, %x one in hexadecimal, %u a UUID, %s a service, %n a name, %m a command of
 * MDM. `is_open`: a description follows, as long as the length that was drawn asks for.
 */
typedef struct Template {
    const char *level; /* "" = not a log event */
    Shape shape;
    int16_t weight;
    int16_t program; /* index of PROGRAMS, -1 = any */
    const char *sender; /* NULL = the program itself */
    const char *subsystem;
    const char *category;
    const char *format;
    const char *text;
    bool is_open;
} Template;

enum { KERNEL = 0, LAUNCHD = 1, MDMCLIENT = 2, TESLAD = 3, ACTIVATION = 4, DIRECTORY = 6, REMOTE = 7, APSD = 11, POWERD = 13, SSMENU = 14, UNMOUNT = 15, AUTHHOST = 16, CONTACTS = 17, COREAUDIO = 18, LOGGER = 19 };

static const Template TEMPLATES[] = {
    {"Default", LOG, 40, -1, "/usr/lib/system/libxpc.dylib", "com.apple.xpc", "connection", "[%p] %{public}s connection: mach=%{bool}d listener=%{bool}d peer=%{bool}d name=%{public}s", "[0x%x] activating connection: mach=true listener=false peer=false name=%s", false},
    {"Default", LOG, 10, LAUNCHD, NULL, "system", "", "", "Setting service %s to enabled (initiated by smd[%d])", false},
    {"Default", LOG, 12, KERNEL, "/System/Library/Extensions/HFS.kext/Contents/MacOS/HFS", "", "", "hfs: mounted %s on device %s\n", "hfs: mounted %n on device disk%d", false},
    {"Default", LOG, 12, POWERD, NULL, "com.apple.powerd", "battery", "Battery capacity change posted(0x%llx). Capacity:%d Source:%{public}s\n", "Battery capacity change posted(0x%x). Capacity:%d Source:Batt", false},
    {"Default", LOG, 10, SSMENU, NULL, "", "", "remoteManagementEnabled", "remoteManagementEnabled", false},
    {"Default", LOG, 6, UNMOUNT, "/System/Library/PrivateFrameworks/login.framework/Versions/A/Frameworks/loginsupport.framework/Versions/A/loginsupport", "com.apple.UnmountAssistantAgent", "IPC", "%{public}@", "Volume \"file:///Volumes/%n/\" was unmounted", false},
    {"Default", LOG, 14, MDMCLIENT, NULL, "com.apple.ManagedClient", "HTTPUtil", "%{public}@", "[*] [0:MDMDaemon:HTTPUtil:<0x%x>] >>>>> Sending HTTP request (PUT) [Acknowledged(%m):%d] >>>>>", false},
    {"Default", LOG, 14, MDMCLIENT, NULL, "com.apple.ManagedClient", "HTTPUtil", "%{public}@", "[*] [0:MDMDaemon:HTTPUtil:<0x%x>] <<<<< Received HTTP response (200) [Acknowledged(%m):%d] <<<<<", false},
    {"Default", LOG, 14, MDMCLIENT, NULL, "com.apple.ManagedClient", "MDMDaemon", "%{public}@", "[*] [0:MDMDaemon:<0x%x>] Processing server request: %m for: <Device> (%d) PowerNap: no", false},
    {"Default", LOG, 6, ACTIVATION, NULL, "com.apple.mobileactivationd", "daemon", "%{public}@", "UCRT DEP enrollment state requested by mdmclient", false},
    {"Default", LOG, 8, COREAUDIO, "/System/Library/Audio/Plug-Ins/HAL/BTAudioHALPlugin.driver/Contents/MacOS/BTAudioHALPlugin", "com.apple.bluetooth", "BTAudio", "Volume update from PID = %d Control ID = %d Scalar volume %f -> %f Element = %d", "Volume update from PID = %d Control ID = %d Scalar volume 0.488189 -> 0.427210 Element = %d", false},
    {"Default", LOG, 66, CONTACTS, "/System/Library/PrivateFrameworks/FTServices.framework/FTServices", "com.apple.IDS", "Registration", "Registering %@ for lockdown changes", "Registering <FTDeviceSupport: 0x%x> for lockdown changes", true},
    {"Default", LOG, 90, LOGGER, NULL, "", "", "%s", "", true},
    {"Info", LOG, 34, CONTACTS, "/System/Library/PrivateFrameworks/SyncedDefaults.framework/SyncedDefaults", "com.apple.kvs", "Connection", "Initializing %@ with configuration %@ store <(%@)>", "Initializing SYDClientToDaemonConnection with configuration <SYDStoreConfiguration: 0x%x; ", true},
    {"Info", LOG, 20, -1, "/System/Library/PrivateFrameworks/RunningBoardServices.framework/RunningBoardServices", "com.apple.runningboard", "general", "Sending launch request: %{public}@", "Sending launch request: <RBSLaunchRequest| osservice<%s>; ", true},
    {"Info", LOG, 10, APSD, NULL, "com.apple.apsd", "", "Received notification for topic %@", "Received notification for topic com.apple.mgmt.External.%u", false},
    {"Info", LOG, 30, LOGGER, NULL, "", "", "%s", "", true},
    {"Debug", LOG, 50, CONTACTS, "/System/Library/PrivateFrameworks/SyncedDefaults.framework/SyncedDefaults", "com.apple.kvs", "Connection", "Registering for UI change notifications on iOS / tvOS", "Registering for UI change notifications on iOS / tvOS", false},
    {"Debug", LOG, 50, LOGGER, NULL, "", "", "%s", "", true},
    {"Error", LOG, 20, CONTACTS, "/System/Library/Frameworks/CoreServices.framework/CoreServices", "com.apple.launchservices", "default", "error binding %{public}@ in %s: %@", "error binding %s in bundleUnitsClaimingDefaultAppCategory: Error Domain=NSOSStatusErrorDomain Code=-10814 \"(null)\" UserInfo={_LSFile=LSBindingEvaluator.mm, _LSLine=%d, _LSFunction=runEvaluator}", false},
    {"Error", LOG, 20, MDMCLIENT, "/usr/lib/libsqlite3.dylib", "com.apple.libsqlite3", "logging", "%{public}s", "cannot open file at line %d of [8fa8248e30]", false},
    {"Error", LOG, 10, MDMCLIENT, NULL, "com.apple.ManagedClient", "HTTPUtil", "%{public}@", "[*] [0:MDMDaemon:HTTPUtil:<0x%x>] <<<<< Received HTTP response (200) [Error(%m):%d] <<<<<", false},
    {"Error", LOG, 10, AUTHHOST, NULL, "com.apple.Authorization", "AuthorizationHost", "Failed to authenticate user <%s> (error: %d).", "Failed to authenticate user <<private>> (error: %d).", false},
    {"Error", LOG, 10, DIRECTORY, NULL, "com.apple.opendirectoryd", "auth", "Authentication failed for %@ (%@): %@", "Authentication failed for <private> (%u): ODErrorCredentialsInvalid", false},
    {"Error", LOG, 40, LOGGER, NULL, "", "", "%s", "", true},
    {"Fault", LOG, 20, CONTACTS, NULL, "com.apple.contacts", "LocalFavoritesStore", "Failed to exclude URL from backup: %@", "Failed to exclude URL from backup: Error Domain=NSCocoaErrorDomain Code=4 \"The file “com.apple.contacts.favorites.plist” doesn’t exist.\" UserInfo={", true},
    {"Fault", LOG, 20, APSD, NULL, "com.apple.apsd", "", "Unable to get entitled topics. Error: %@", "Unable to get entitled topics. Error: Error Domain=NSPOSIXErrorDomain Code=3 No such process", false},
    {"", ACTIVITY, 90, -1, "/System/Library/PrivateFrameworks/TCC.framework/TCC", "", "", "", "TCCAccessRequest() IPC", false},
    {"", ACTIVITY, 90, -1, "/System/Library/Frameworks/CoreFoundation.framework/Versions/A/CoreFoundation", "", "", "", "Loading Preferences From User Session CFPrefsD", false},
    {"", ACTIVITY, 20, CONTACTS, "/usr/lib/system/libsystem_trace.dylib", "", "", "", "Activity for state dumps", false},
    {"", STATE, 6, CONTACTS, "", "", "", "", "TCC Authorization Cache\n{\n    kTCCServiceAddressBook =     {\n        \"<Credential (0x%x) | Requestor>\" = \"<Authorization Record (0x%x) | Service: kTCCServiceAddressBook, AuthRight: Allowed, Reason: Entitled, Version: 2, >\";\n    };\n}", false},
};

/* Shares of the levels in parts of a thousand, as counted in a public capture of all processes. */
static const struct { const char *level; unsigned share; } LEVELS[] = {
    {"Default", 484}, {"Info", 173}, {"Debug", 137}, {"Error", 59}, {"Fault", 17}, {"", 130},
};

static const char *const SERVICES[] = {
    "com.apple.tccd", "com.apple.nehelper", "com.apple.analyticsd", "com.openssh.sshd", "com.apple.screensharing", "com.apple.apsd", "com.apple.default-app.phone", "com.apple.PosterBoard",
};
static const char *const COMMANDS[] = {"InstallProfile", "InstallApplication", "DeviceInformation", "ProfileList", "SecurityInfo", "DeclarativeManagement"};
static const char *const NAMES[] = {"Firefox", "Macintosh HD", "Data", "USB Stick"};
static const char *const WIDE_NAMES[] = {"Jürgens MacBook Pro", "山田のMac", "Büro – 3. Stock", "Mac de Zoë", "Команда", "📦 Paket"};
/* clang-format on */

/* Lengths of messages: bytes at the given parts of a thousand, straight lines between. */
static const struct {
    unsigned part, bytes;
} LENGTHS[] = {{0, 1}, {100, 13}, {500, 94}, {900, 260}, {990, 381}, {1000, 2264}};

/* --- one record ----------------------------------------------------------------------------- */

typedef struct Record {
    const Template *shape;
    const Program *program;
    const char *sender;
    int64_t time_ns;
    uint64_t mach, thread, trace, pid, counter, activity;
    uint64_t program_id, sender_id; /* what their UUIDs are made of */
    StrBuf message;
} Record;

static unsigned draw_length(Chance *chance)
{
    unsigned part = (unsigned)chance_below(chance, PERMILLE);
    size_t i = 1;
    while (LENGTHS[i].part <= part) {
        i++;
    }
    unsigned span = LENGTHS[i].part - LENGTHS[i - 1].part;
    unsigned rise = LENGTHS[i].bytes - LENGTHS[i - 1].bytes;
    return LENGTHS[i - 1].bytes + rise * (part - LENGTHS[i - 1].part) / span;
}

static const Template *draw_template(Chance *chance, bool must_be_open)
{
    unsigned part = (unsigned)chance_below(chance, PERMILLE);
    size_t level = 0;
    while (part >= LEVELS[level].share) {
        part -= LEVELS[level++].share;
    }
    const char *wanted =
        must_be_open && LEVELS[level].level[0] == '\0' ? "Default" : LEVELS[level].level;
    int sum = 0;
    for (size_t i = 0; i < ARRAY_LEN(TEMPLATES); i++) {
        bool fits =
            strcmp(TEMPLATES[i].level, wanted) == 0 && (TEMPLATES[i].is_open || !must_be_open);
        sum += fits ? TEMPLATES[i].weight : 0;
    }
    int at = (int)chance_below(chance, (uint64_t)sum);
    for (size_t i = 0;; i++) {
        bool fits =
            strcmp(TEMPLATES[i].level, wanted) == 0 && (TEMPLATES[i].is_open || !must_be_open);
        at -= fits ? TEMPLATES[i].weight : 0;
        if (at < 0) {
            return &TEMPLATES[i];
        }
    }
}

static void add_uuid(StrBuf *buf, uint64_t id)
{
    Chance chance = {id};
    uint64_t high = chance_next(&chance), low = chance_next(&chance);
    strbuf_printf(buf, "%08X-%04X-3%03X-%04X-%012" PRIX64, (unsigned)(high >> 32),
                  (unsigned)(high >> 16) & 0xFFFF, (unsigned)high & 0xFFF,
                  (unsigned)(low >> 48 & 0x3FFF) | 0x8000, low & UINT64_C(0xFFFFFFFFFFFF));
}

static void add_text(StrBuf *buf, const char *text, Chance *chance)
{
    for (; *text != '\0'; text++) {
        if (*text != '%') {
            strbuf_add_char(buf, *text);
            continue;
        }
        switch (*++text) {
        case 'd':
            strbuf_printf(buf, "%u", (unsigned)chance_below(chance, 2000));
            break;
        case 'x':
            strbuf_printf(buf, "%x", 0x100000u + (unsigned)chance_below(chance, 0xFFFFFF));
            break;
        case 'u':
            add_uuid(buf, chance_next(chance));
            break;
        case 's':
            strbuf_add_str(buf, SERVICES[chance_below(chance, ARRAY_LEN(SERVICES))]);
            break;
        case 'n':
            strbuf_add_str(buf, NAMES[chance_below(chance, ARRAY_LEN(NAMES))]);
            break;
        default:
            strbuf_add_str(buf, COMMANDS[chance_below(chance, ARRAY_LEN(COMMANDS))]);
            break;
        }
    }
}

static void add_description(StrBuf *buf, size_t len, Chance *chance)
{
    while (buf->len < len) {
        static const char *const PIECES[] = {"item %d = 0x%x; ", "path /var/tmp/%d/%x; ", "id %u; ",
                                             "name = \"%n\"; ", "state %d of %d; "};
        size_t left = len - buf->len;
        size_t piece = left < 12 ? 4 : chance_below(chance, ARRAY_LEN(PIECES));
        add_text(buf, PIECES[piece], chance);
    }
    buf->len = len < buf->len ? len : buf->len;
    while (buf->len > 0 && buf->ptr[buf->len - 1] == ' ') {
        buf->len--; /* log strips white space off the end */
    }
}

static void draw_message(Record *record, Chance *chance)
{
    /* 13 % of the lines have text outside ASCII, 1 % a control character: some templates bring
     * theirs, the others get a name or a colour. */
    bool is_wide = chance_below(chance, PERMILLE) < 122;
    bool has_control = chance_below(chance, PERMILLE) < 10;
    size_t len = draw_length(chance);
    record->shape = draw_template(chance, is_wide || has_control);
    strbuf_clear(&record->message);
    add_text(&record->message, record->shape->text, chance);
    if (has_control) {
        strbuf_add_str(&record->message, "\033[32mok\033[39m ");
    }
    if (record->shape->is_open && len > record->message.len) {
        add_description(&record->message, len, chance);
    }
    if (is_wide) {
        strbuf_printf(&record->message, " %s",
                      WIDE_NAMES[chance_below(chance, ARRAY_LEN(WIDE_NAMES))]);
    }
}

static void draw_record(Record *record, Chance *chance, int64_t step_ns)
{
    draw_message(record, chance);
    int program = record->shape->program;
    record->program_id =
        program >= 0 ? (uint64_t)program : chance_below(chance, ARRAY_LEN(PROGRAMS));
    record->program = &PROGRAMS[record->program_id];
    record->sender = record->shape->sender != NULL ? record->shape->sender : record->program->path;
    record->sender_id = strlen(record->sender) * 131 + 7;
    record->time_ns += step_ns;
    record->mach += (uint64_t)step_ns * 24 / 1000;
    record->thread = 0x1000 + chance_below(chance, 900);
    record->trace = chance_next(chance) >> (4 + chance_below(chance, 20));
    record->pid = record->program_id == KERNEL ? 0 : 100 + record->program_id * 17;
    record->counter = 1000 + chance_below(chance, 40) * 4321;
    record->activity = chance_below(chance, 3) == 0 ? 4000 + chance_below(chance, 5000) : 0;
}

/* --- JSON ----------------------------------------------------------------------------------- */

static void add_json(StrBuf *buf, const char *text, size_t len)
{
    strbuf_add_char(buf, '"');
    for (size_t i = 0; i < len; i++) {
        unsigned char byte = (unsigned char)text[i];
        if (byte == '"' || byte == '\\' || byte == '/') {
            strbuf_add_char(buf, '\\');
            strbuf_add_char(buf, text[i]);
        } else if (byte == '\n') {
            strbuf_add_str(buf, "\\n");
        } else if (byte < 0x20) {
            strbuf_printf(buf, "\\u%04x", byte);
        } else {
            strbuf_add_char(buf, text[i]);
        }
    }
    strbuf_add_char(buf, '"');
}

static void add_json_str(StrBuf *buf, const char *text)
{
    add_json(buf, text, strlen(text));
}

static const char *event_type(const Record *record)
{
    static const char *const TYPES[] = {
        [LOG] = "logEvent", [ACTIVITY] = "activityCreateEvent", [STATE] = "stateEvent"};
    return TYPES[record->shape->shape];
}

static void add_backtrace(StrBuf *buf, const Record *record)
{
    int frames = strcmp(record->shape->level, "Fault") == 0 ? 8 : 1;
    strbuf_add_str(buf, "{\"frames\":[");
    for (int i = 0; i < frames; i++) {
        strbuf_printf(buf, "%s{\"imageOffset\":%" PRIu64 ",\"imageUUID\":\"", i > 0 ? "," : "",
                      record->counter + (uint64_t)i * 512);
        add_uuid(buf, record->sender_id);
        strbuf_add_str(buf, "\"}");
    }
    strbuf_add_str(buf, "]}");
}

static void add_time(StrBuf *buf, const Record *record)
{
    char text[CLOCK_STAMP_MAX];
    clock_format((Stamp){record->time_ns, 120}, CLOCK_FULL, text);
    add_json_str(buf, text);
}

/* Whether such an event has the key at all. */
static bool has_key(const Record *record, const char *key)
{
    bool is_log = record->shape->shape == LOG;
    if (strcmp(key, "messageType") == 0 || strcmp(key, "source") == 0) {
        return is_log;
    }
    return strcmp(key, "creatorActivityID") != 0 || record->shape->shape == ACTIVITY;
}

static void add_quoted_uuid(StrBuf *buf, uint64_t id)
{
    strbuf_add_char(buf, '"');
    add_uuid(buf, id);
    strbuf_add_char(buf, '"');
}

typedef struct NumberKey {
    const char *key;
    uint64_t value;
} NumberKey;

static void add_number(StrBuf *buf, const Record *record, const char *key)
{
    bool is_state = record->shape->shape == STATE;
    const NumberKey numbers[] = {
        {"userID", record->program->user},
        {"activityIdentifier", record->activity},
        {"threadID", is_state ? 0 : record->thread},
        {"machTimestamp", record->mach},
        {"traceID", is_state ? 0 : record->trace},
        {"processID", record->pid},
        {"senderProgramCounter", record->counter},
        {"parentActivityIdentifier", 0},
        {"creatorActivityID", (UINT64_C(1) << 63) | record->activity},
    };
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
        if (strcmp(numbers[i].key, key) == 0) {
            strbuf_printf(buf, "%" PRIu64, numbers[i].value);
        }
    }
}

static void add_value(StrBuf *buf, const Record *record, const char *key)
{
    const struct {
        const char *key, *text;
    } texts[] = {
        {"timezoneName", ""},
        {"messageType", record->shape->level},
        {"eventType", event_type(record)},
        {"formatString", record->shape->format},
        {"subsystem", record->shape->subsystem},
        {"category", record->shape->category},
        {"bootUUID", ""},
        {"processImagePath", record->program->path},
        {"senderImagePath", record->sender},
    };
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        if (strcmp(texts[i].key, key) == 0) {
            add_json_str(buf, texts[i].text);
            return;
        }
    }
    if (strcmp(key, "source") == 0) {
        strbuf_add_str(buf, "null");
    } else if (strcmp(key, "senderImageUUID") == 0) {
        add_quoted_uuid(buf, record->sender_id);
    } else if (strcmp(key, "processImageUUID") == 0) {
        add_quoted_uuid(buf, record->program_id + 1000);
    } else if (strcmp(key, "backtrace") == 0) {
        add_backtrace(buf, record);
    } else if (strcmp(key, "timestamp") == 0) {
        add_time(buf, record);
    } else if (strcmp(key, "eventMessage") == 0) {
        add_json(buf, strbuf_view(&record->message).ptr, record->message.len);
    } else {
        add_number(buf, record, key);
    }
}

/* clang-format off */
static const char *const KEYS_NEW[] = { /* macOS 13 to 15 */
    "timezoneName", "messageType", "eventType", "source", "formatString", "userID", "activityIdentifier", "subsystem", "category", "threadID", "senderImageUUID", "backtrace", "bootUUID", "processImagePath", "senderImagePath", "timestamp", "creatorActivityID", "machTimestamp", "eventMessage", "processImageUUID", "traceID", "processID", "senderProgramCounter", "parentActivityIdentifier", NULL,
};
static const char *const KEYS_OLD[] = { /* macOS 11 and 12 */
    "traceID", "eventMessage", "eventType", "source", "formatString", "activityIdentifier", "subsystem", "category", "threadID", "senderImageUUID", "backtrace", "bootUUID", "processImagePath", "timestamp", "senderImagePath", "creatorActivityID", "machTimestamp", "messageType", "processImageUUID", "processID", "senderProgramCounter", "parentActivityIdentifier", "timezoneName", NULL,
};
/* clang-format on */

static void add_record(StrBuf *buf, const Record *record, const char *const *keys)
{
    char before = '{';
    for (; *keys != NULL; keys++) {
        if (has_key(record, *keys)) {
            strbuf_printf(buf, "%c\"%s\":", before, *keys);
            add_value(buf, record, *keys);
            before = ',';
        }
    }
    strbuf_add_str(buf, "}\n");
}

/* --- the program ---------------------------------------------------------------------------- */

typedef struct Settings {
    uint64_t count, seed, rate;
    const char *const *keys;
    bool is_unmanaged;
} Settings;

static bool read_settings(int argc, char **argv, Settings *settings)
{
    for (int i = 1; i + 1 < argc; i += 2) {
        const char *name = argv[i], *value = argv[i + 1];
        uint64_t *number = strcmp(name, "--count") == 0  ? &settings->count
                           : strcmp(name, "--seed") == 0 ? &settings->seed
                           : strcmp(name, "--rate") == 0 ? &settings->rate
                                                         : NULL;
        if (number != NULL) {
            if (!sv_to_u64(sv(value), number)) {
                return false;
            }
        } else if (strcmp(name, "--order") == 0) {
            settings->keys = strcmp(value, "old") == 0 ? KEYS_OLD : KEYS_NEW;
        } else if (strcmp(name, "--mdm") == 0) {
            settings->is_unmanaged = strcmp(value, "no") == 0;
        } else {
            return false;
        }
    }
    return argc % 2 == 1;
}

static bool is_of_mdm(const Template *shape)
{
    return strcmp(shape->subsystem, "com.apple.ManagedClient") == 0 ||
           strstr(shape->text, "com.apple.mgmt.") != NULL;
}

static bool flush(StrBuf *buf)
{
    size_t sent = 0;
    while (sent < buf->len) {
        ssize_t written = write(STDOUT_FILENO, buf->ptr + sent, buf->len - sent);
        if (written < 0 && errno != EINTR) {
            return false;
        }
        sent += written > 0 ? (size_t)written : 0;
    }
    strbuf_clear(buf);
    return true;
}

static void sleep_until(int64_t when)
{
    int64_t left = when - clock_monotonic();
    if (left > 0) {
        struct timespec wait = {(time_t)(left / NS_PER_SECOND), (long)(left % NS_PER_SECOND)};
        (void)nanosleep(&wait, NULL); /* woken early: the next slice is a little smaller */
    }
}

int main(int argc, char **argv)
{
    Settings settings = {.count = 1000, .seed = 1, .keys = KEYS_NEW};
    if (!read_settings(argc, argv, &settings)) {
        (void)fputs("usage: gen_ndjson [--count N] [--seed S] [--rate R] [--order new|old] "
                    "[--mdm yes|no]\n",
                    stderr);
        return 2;
    }
    (void)signal(SIGPIPE, SIG_IGN);
    Chance chance = {settings.seed};
    Record record = {.time_ns = FIRST_NS, .mach = UINT64_C(30693623003964)};
    StrBuf buf = {0};
    int64_t step = settings.rate > 0 ? NS_PER_SECOND / (int64_t)settings.rate : NS_PER_MS;
    int64_t start = clock_monotonic(), slice_end = start + SLICE_NS;
    bool is_well = true;
    for (uint64_t i = 0; is_well && (settings.count == 0 || i < settings.count); i++) {
        do {
            draw_record(&record, &chance, step);
        } while (settings.is_unmanaged && is_of_mdm(record.shape));
        add_record(&buf, &record, settings.keys);
        bool is_due = settings.rate > 0 && start + (int64_t)(i + 1) * step >= slice_end;
        if (is_due || buf.len >= WRITE_BYTES) {
            is_well = flush(&buf);
        }
        if (is_due) {
            sleep_until(slice_end);
            slice_end += SLICE_NS;
        }
    }
    is_well = is_well && flush(&buf);
    strbuf_done(&buf);
    strbuf_done(&record.message);
    return is_well || errno == EPIPE ? 0 : 1;
}
