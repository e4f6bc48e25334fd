/*
 * Logrc: reads ~/.logrc as a regular file of limited size. It looks at no environment and parses
 * no predicate.
 */
#include "session/logrc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Reads all of `file` up to the limit; false with `err` filled. */
static bool read_file(FILE *file, StrBuf *text, Err *err)
{
    char chunk[4096];
    size_t len;
    while ((len = fread(chunk, 1, sizeof chunk, file)) > 0) {
        strbuf_add(text, sv_of(chunk, len));
        if (text->len > LOGRC_MAX_BYTES) {
            return err_set(err, "more than %zu bytes", (size_t)LOGRC_MAX_BYTES);
        }
    }
    return !ferror(file) || err_set(err, "%s", strerror(errno));
}

/* Opens a regular file; a pipe or a device could keep us waiting. */
static FILE *open_file(const char *path, Err *err)
{
    struct stat info;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        (void)err_set(err, "%s", strerror(errno));
        return NULL;
    }
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
        (void)err_set(err, "not a regular file");
        (void)close(fd); /* nothing was written */
        return NULL;
    }
    FILE *file = fdopen(fd, "rb");
    if (file == NULL) {
        (void)err_set(err, "%s", strerror(errno));
        (void)close(fd); /* as above */
    }
    return file;
}

bool logrc_read(const char *home, Aliases *aliases, Err *err)
{
    StrBuf path = {0};
    StrBuf text = {0};
    struct stat info;
    bool is_good = true;
    strbuf_printf(&path, "%s/.logrc", home != NULL ? home : "");
    if (home == NULL || *home == '\0' || (stat(path.ptr, &info) != 0 && errno == ENOENT)) {
        goto out;
    }
    FILE *file = open_file(path.ptr, err);
    is_good = file != NULL && read_file(file, &text, err);
    if (file != NULL) {
        (void)fclose(file); /* only read */
    }
    if (!is_good) {
        (void)err_prefix(err, "~/.logrc");
    } else if (!aliases_read(aliases, strbuf_view(&text), err)) {
        is_good = err != NULL ? err_prefix(err, "~/.logrc, line %d", err->line) : false;
    }
out:
    strbuf_done(&path);
    strbuf_done(&text);
    return is_good;
}
