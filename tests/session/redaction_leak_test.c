/*
 * The leak test: kinds of secrets (tests/data/redaction/secrets.txt) in thousands of messages of
 * real shapes, in paths of programs, names of files and hosts, commands, predicates and notices,
 * saved in every form there is. Not one may be in any of them, however it is spelled, nor half of
 * it; and none of the harmless look-alikes (harmless.txt) among them may be missing. The bundle is
 * unpacked and looked at file by file. The seed is fixed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "session/excerpt.h"
#include "session/headless.h"
#include "session/tar.h"
#include "tests/session/leak_texts.h"

#define SECRETS_FILE "tests/data/redaction/secrets.txt"
#define HARMLESS_FILE "tests/data/redaction/harmless.txt"
#define SHAPES_FILE "session/demo.ndjson"
#define KINDS_MIN 200
#define HARMLESS_MIN 300
#define MESSAGES 5000
#define PATHS_EVERY 7    /* entries */
#define HARMLESS_EVERY 5 /* likewise */
#define SEED UINT64_C(0x6d646d73636f7065)
#define MEMBERS 6 /* files in a bundle */

static StrBuf read_file(const char *path)
{
    StrBuf text = {0};
    char piece[4096];
    int len;
    gzFile file = gzopen(path, "rb"); /* reads what is not packed as it is */
    if (file == NULL) {
        fail_msg("%s is not there", path);
        return text;
    }
    while ((len = gzread(file, piece, sizeof piece)) > 0) {
        strbuf_add(&text, sv_of(piece, (size_t)len));
    }
    (void)gzclose(file);
    return text;
}

static Texts read_lines(const char *path)
{
    Texts lines = {.items = NULL};
    StrBuf text = read_file(path);
    StrView rest = strbuf_view(&text);
    StrView line;
    while (sv_next_line(&rest, &line)) {
        if (line.len > 0 && line.ptr[0] != '#') {
            add_text(&lines, line, path);
        }
    }
    strbuf_done(&text);
    return lines;
}

static void write_file(const char *path, StrView text, mode_t mode)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text.ptr, 1, text.len, file), text.len);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, mode), 0);
}

/* --- entries ------------------------------------------------------------------------------------
 */

/* Makes one message of a kind, PATTERN <tab> CONTEXT, and remembers its secret. */
static void make_message(const char *kind, uint64_t *state, StrBuf *ret, Texts *needles)
{
    StrView row = sv(kind);
    size_t tab = sv_find_char(row, '\t');
    StrView context = sv_slice(row, tab + 1, SIZE_MAX);
    StrBuf secret = {0};
    bool has_secret = false;
    assert_true(tab != SIZE_MAX);
    make_value(sv_slice(row, 0, tab), state, &secret);
    for (size_t i = 0; i < context.len; i++) {
        bool is_mark = i + 2 < context.len && context.ptr[i] == '{' && context.ptr[i + 2] == '}' &&
                       strchr(SPELLINGS, context.ptr[i + 1]) != NULL;
        if (is_mark) {
            spell(context.ptr[i + 1], strbuf_view(&secret), ret);
            i += 2;
        } else {
            strbuf_add_char(ret, context.ptr[i]);
        }
        has_secret |= is_mark;
    }
    assert_true(has_secret);
    add_secret(needles, sv_slice(row, 0, tab), strbuf_view(&secret), kind);
    strbuf_done(&secret);
}

/* Replaces the value of a member, which is a text, in `*entry`. */
static void set_member(StrBuf *entry, const char *key, StrView value)
{
    StrView view = strbuf_view(entry);
    StrBuf quoted = {0};
    size_t start = sv_find(view, sv(key));
    assert_true(start != SIZE_MAX);
    start += strlen(key);
    size_t end = start + 1;
    while (view.ptr[end] != '"') {
        end += view.ptr[end] == '\\' ? 2 : 1;
    }
    node_quote(value, &quoted);
    strbuf_replace(entry, start, end + 1 - start, strbuf_view(&quoted));
    strbuf_done(&quoted);
}

/* Has the image of a program or a library lie in somebody's home. */
static void plant_path(StrBuf *entry, const char *key, const char *context, uint64_t *state,
                       Texts *needles)
{
    StrBuf path = {0};
    make_message(context, state, &path, needles);
    set_member(entry, key, strbuf_view(&path));
    strbuf_done(&path);
}

/* All that is planted in the entries of a capture, and what is harmless in it. */
typedef struct Scene {
    Texts kinds;
    Texts harmless;
    Texts shapes; /* entries of the demo */
    Texts needles;
    StrBuf capture;
    bool has_all_harmless; /* there was room for all of them */
    uint64_t random;
    char directory[64];
    StrBuf path; /* of the file */
} Scene;

static void add_entry(Scene *scene, StrView message, bool has_paths)
{
    StrBuf entry = {0};
    size_t shape = random_below(&scene->random, scene->shapes.count);
    strbuf_add_str(&entry, scene->shapes.items[shape].ptr);
    set_member(&entry, "\"eventMessage\":", message);
    if (has_paths) {
        plant_path(&entry, "\"processImagePath\":",
                   "@@@@@@@@##\t/Users/{V}/Applications/Agent.app/Contents/MacOS/Agent",
                   &scene->random, &scene->needles);
        plant_path(&entry, "\"senderImagePath\":",
                   "@@@@@@@@##\t/Users/{V}/Library/Frameworks/Kit.framework/Kit", &scene->random,
                   &scene->needles);
    }
    strbuf_add_char(&entry, '\n');
    strbuf_add(&scene->capture, strbuf_view(&entry));
    strbuf_done(&entry);
}

static Texts read_shapes(void)
{
    Texts lines = read_lines(SHAPES_FILE);
    Texts shapes = {.items = NULL};
    for (size_t i = 0; i < lines.count; i++) {
        if (strstr(lines.items[i].ptr, "\"eventMessage\":\"") != NULL &&
            strstr(lines.items[i].ptr, "\"senderImagePath\":\"") != NULL &&
            strstr(lines.items[i].ptr, "\"processImagePath\":\"") != NULL) {
            add_text(&shapes, sv(lines.items[i].ptr), SHAPES_FILE);
        }
    }
    texts_done(&lines);
    assert_true(shapes.count > 1000);
    return shapes;
}

/* The file itself lies in somebody's home and is named after a Mac and its server. */
static void place_file(Scene *scene)
{
    StrBuf home = {0};
    StrBuf name = {0};
    (void)snprintf(scene->directory, sizeof scene->directory, "/tmp/mdmscope-leak-XXXXXX");
    assert_non_null(mkdtemp(scene->directory));
    strbuf_printf(&home, "%s/Users", scene->directory);
    assert_int_equal(mkdir(home.ptr, 0700), 0);
    make_message("@@@@@@@@##\t/{V}", &scene->random, &home, &scene->needles);
    assert_int_equal(mkdir(home.ptr, 0700), 0);
    make_message("C02???###???\t{V}-", &scene->random, &name, &scene->needles);
    make_message("@@@@@@@##.jamfcloud.com\tat {V}.ndjson", &scene->random, &name, &scene->needles);
    strbuf_printf(&scene->path, "%s/%s", home.ptr, name.ptr);
    write_file(scene->path.ptr, strbuf_view(&scene->capture), 0600);
    strbuf_done(&home);
    strbuf_done(&name);
}

static void scene_init(Scene *scene, size_t messages)
{
    *scene = (Scene){.kinds = read_lines(SECRETS_FILE),
                     .harmless = read_lines(HARMLESS_FILE),
                     .shapes = read_shapes(),
                     .random = SEED};
    assert_true(scene->kinds.count >= KINDS_MIN);
    assert_true(scene->harmless.count >= HARMLESS_MIN);
    for (size_t i = 0; i < messages; i++) {
        StrBuf message = {0};
        make_message(scene->kinds.items[i % scene->kinds.count].ptr, &scene->random, &message,
                     &scene->needles);
        add_entry(scene, strbuf_view(&message), i % PATHS_EVERY == 0);
        strbuf_done(&message);
        if (i % HARMLESS_EVERY == 0) { /* all of them, and among what is known by then */
            size_t row = i / HARMLESS_EVERY % scene->harmless.count;
            add_entry(scene, sv(scene->harmless.items[row].ptr), false);
        }
    }
    scene->has_all_harmless = messages / HARMLESS_EVERY >= scene->harmless.count;
    place_file(scene);
}

static void scene_done(Scene *scene)
{
    char command[128];
    (void)snprintf(command, sizeof command, "rm -r '%s'", scene->directory);
    assert_int_equal(system(command), 0);
    texts_done(&scene->kinds);
    texts_done(&scene->harmless);
    texts_done(&scene->shapes);
    texts_done(&scene->needles);
    strbuf_done(&scene->capture);
    strbuf_done(&scene->path);
}

/* --- excerpts -----------------------------------------------------------------------------------
 */

/* What `show --redact` prints with these words after it, in that form; a packed one is unpacked. */
static StrBuf show(const Scene *scene, OutputFormat format, const char *const *words, size_t count,
                   const char *ssh_path)
{
    static const volatile sig_atomic_t stop = 0;
    char *all[16] = {"mdmscope", "show", "--redact", "--format"};
    char path[128];
    size_t len = 4;
    Options options;
    Err err = err_none();
    all[len++] = strdup(excerpt_format_name(format));
    for (size_t i = 0; i < count; i++) {
        all[len++] = strdup(words[i]);
    }
    if (!options_parse((int)len, all, &options, &err)) {
        fail_msg("%s", err.text);
    }
    options.ssh_path = ssh_path;
    (void)snprintf(path, sizeof path, "%s/out", scene->directory);
    FILE *out = fopen(path, "w");
    FILE *errors = tmpfile();
    int status = headless_show(&options, out, errors, &stop);
    (void)fclose(out);
    (void)fclose(errors);
    for (size_t i = 4; i < len; i++) {
        free(all[i]);
    }
    assert_int_equal(status, EXIT_MATCHED);
    return read_file(path);
}

/* Looks at each file of an archive, and at their names. */
static size_t count_in_tar(const Scene *scene, StrView tar)
{
    size_t leaks = 0, members = 0;
    for (size_t at = 0; at + TAR_BLOCK <= tar.len && tar.ptr[at] != '\0';) {
        char name[TAR_NAME_MAX + 1] = "";
        memcpy(name, tar.ptr + at, TAR_NAME_MAX);
        size_t size = strtoul(tar.ptr + at + 124, NULL, 8); /* as ustar has it */
        StrView body = sv_slice(tar, at + TAR_BLOCK, size);
        assert_int_equal(body.len, size);
        assert_true(size > 0);
        leaks += count_leaks(&scene->needles, sv(name), "the name of a file");
        leaks += count_leaks(&scene->needles, body, name);
        members++;
        at += TAR_BLOCK + (size + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK;
    }
    assert_int_equal(members, MEMBERS);
    return leaks;
}

static size_t count_missing(const Texts *harmless, StrView text)
{
    size_t missing = 0;
    for (size_t i = 0; i < harmless->count; i++) {
        StrBuf quoted = {0};
        node_quote(sv(harmless->items[i].ptr), &quoted);
        if (sv_find(text, strbuf_view(&quoted)) == SIZE_MAX) {
            print_error("not as it was: %s\n", harmless->items[i].ptr);
            missing++;
        }
        strbuf_done(&quoted);
    }
    return missing;
}

/* How much is wrong with that form. */
static size_t count_in_form(const Scene *scene, OutputFormat format, const char *const *words,
                            size_t count, const char *ssh_path)
{
    StrBuf out = show(scene, format, words, count, ssh_path);
    size_t leaks = count_leaks(&scene->needles, strbuf_view(&out), excerpt_format_name(format));
    leaks += format == FORMAT_BUNDLE ? count_in_tar(scene, strbuf_view(&out)) : 0;
    if (format == FORMAT_NDJSON && scene->has_all_harmless) {
        leaks += count_missing(&scene->harmless, strbuf_view(&out));
    }
    assert_true(out.len > scene->capture.len / 10);
    strbuf_done(&out);
    return leaks;
}

/* --- tests --------------------------------------------------------------------------------------
 */

/* The predicate lets everything through, and has secrets too. */
static void no_form_of_a_file_has_a_secret(void **state)
{
    (void)state;
    Scene scene;
    StrBuf predicate = {0};
    size_t leaks = 0;
    scene_init(&scene, MESSAGES);
    assert_true(scene.has_all_harmless);
    make_message("C02???###???\tNOT (eventMessage CONTAINS \"serial {V}\" ", &scene.random,
                 &predicate, &scene.needles);
    make_message("@@@@@@@@##\tOR processImagePath BEGINSWITH \"/Users/{V}/none\" ", &scene.random,
                 &predicate, &scene.needles);
    make_message("@@@@-@@@@##\tOR eventMessage CONTAINS \"https://{V}/enrol\" ", &scene.random,
                 &predicate, &scene.needles);
    make_message("********************#*\tOR eventMessage CONTAINS \"token={V}\")", &scene.random,
                 &predicate, &scene.needles);
    const char *words[] = {"--predicate", predicate.ptr, scene.path.ptr};
    for (int form = 0; form < FORMAT_COUNT; form++) {
        leaks += count_in_form(&scene, (OutputFormat)form, words, ARRAY_LEN(words), NULL);
    }
    strbuf_done(&predicate);
    scene_done(&scene);
    assert_int_equal(leaks, 0);
}

/* The command, and what it says beside the entries. */
static void no_form_of_a_command_has_a_secret(void **state)
{
    (void)state;
    Scene scene;
    StrBuf command = {0};
    size_t leaks = 0;
    scene_init(&scene, KINDS_MIN);
    strbuf_printf(&command, "cat '%s'; : ", scene.path.ptr);
    make_message("********************#*\ttoken={V}; ", &scene.random, &command, &scene.needles);
    make_message("@@@@@@@@##\techo 'log: cannot read /Users/{V}/x' >&2; ", &scene.random, &command,
                 &scene.needles);
    make_message("@@@@@@@##.jamfcloud.com\techo 'log: lost https://{V}/mdm' >&2", &scene.random,
                 &command, &scene.needles);
    const char *words[] = {"--exec", command.ptr};
    for (int form = 0; form < FORMAT_COUNT; form++) {
        leaks += count_in_form(&scene, (OutputFormat)form, words, ARRAY_LEN(words), NULL);
    }
    strbuf_done(&command);
    scene_done(&scene);
    assert_int_equal(leaks, 0);
}

/* Two Macs, whose names and users stand in messages of the other. */
static void no_form_of_hosts_has_a_secret(void **state)
{
    (void)state;
    static const char *const KINDS[] = {"@@@@@@@@##\t{V}@", "@@@@@@@@##.firma.de\t{V}",
                                        "@@@@-@@@@##\t{V}"};
    Scene scene;
    StrBuf one = {0};
    StrBuf other = {0};
    StrBuf script = {0};
    StrBuf message = {0};
    char ssh_path[128];
    size_t leaks = 0;
    scene_init(&scene, KINDS_MIN);
    make_message(KINDS[0], &scene.random, &one, &scene.needles);
    size_t host = one.len;
    make_message(KINDS[1], &scene.random, &one, &scene.needles);
    make_message(KINDS[2], &scene.random, &other, &scene.needles);
    strbuf_printf(&message, "reached %s and %s at last", one.ptr + host, other.ptr);
    add_entry(&scene, strbuf_view(&message), false);
    write_file(scene.path.ptr, strbuf_view(&scene.capture), 0600);
    strbuf_printf(&script, "#!/bin/sh\ncase \" $* \" in *\" -O \"*) exit 0 ;; esac\ncat '%s'\n",
                  scene.path.ptr);
    (void)snprintf(ssh_path, sizeof ssh_path, "%s/ssh", scene.directory);
    write_file(ssh_path, strbuf_view(&script), 0700);
    const char *words[] = {"--ssh", one.ptr, "--ssh", other.ptr};
    for (int form = 0; form < FORMAT_COUNT; form++) {
        leaks += count_in_form(&scene, (OutputFormat)form, words, ARRAY_LEN(words), ssh_path);
    }
    strbuf_done(&one);
    strbuf_done(&other);
    strbuf_done(&script);
    strbuf_done(&message);
    scene_done(&scene);
    assert_int_equal(leaks, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_form_of_a_file_has_a_secret),
        cmocka_unit_test(no_form_of_a_command_has_a_secret),
        cmocka_unit_test(no_form_of_hosts_has_a_secret),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
