/*
 * A directory of its own for tests that write files. Included by test programs only, after
 * <cmocka.h>.
 */
#ifndef TESTS_SESSION_PLACE_H
#define TESTS_SESSION_PLACE_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/str.h"

typedef struct TestPlace {
    char directory[64];
    char path[128]; /* of what place_path was asked for last */
} TestPlace;

static inline void place_make(TestPlace *place)
{
    (void)snprintf(place->directory, sizeof place->directory, "/tmp/mdmscope-test.XXXXXX");
    assert_non_null(mkdtemp(place->directory));
}

static inline const char *place_path(TestPlace *place, const char *name)
{
    (void)snprintf(place->path, sizeof place->path, "%s/%s", place->directory, name);
    return place->path;
}

static inline int place_remove_one(const char *path, const struct stat *info, int type,
                                   struct FTW *walk)
{
    (void)info;
    (void)type;
    (void)walk;
    return remove(path);
}

static inline void place_remove(TestPlace *place)
{
    assert_int_equal(nftw(place->directory, place_remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}

static inline void place_put(TestPlace *place, const char *name, const char *text)
{
    FILE *file = fopen(place_path(place, name), "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/* The text of a file, in `buf`; empty when it is not there. */
static inline const char *place_get(TestPlace *place, const char *name, StrBuf *buf)
{
    char chunk[4096];
    size_t got;
    strbuf_clear(buf);
    strbuf_add_str(buf, "");
    strbuf_reserve(buf, 1);
    FILE *file = fopen(place_path(place, name), "r");
    while (file != NULL && (got = fread(chunk, 1, sizeof chunk, file)) > 0) {
        strbuf_add(buf, sv_of(chunk, got));
    }
    if (file != NULL) {
        (void)fclose(file);
    }
    return strbuf_view(buf).ptr;
}

static inline unsigned place_mode(TestPlace *place, const char *name)
{
    struct stat there;
    assert_int_equal(stat(place_path(place, name), &there), 0);
    return (unsigned)there.st_mode & 07777u;
}

#endif
