/*
 * Replays a corpus of the fuzzers through LLVMFuzzerTestOneInput, which the test that includes this
 * must have included before. Each file is tried whole and, when short, cut at every byte.
 */
#ifndef TESTS_FUZZ_REPLAY_H
#define TESTS_FUZZ_REPLAY_H

#include <dirent.h>
#include <stdio.h>

#include "base/mem.h"
#include "base/str.h"

#define REPLAY_CUT_MAX 400 /* longer files are not tried at every length */

static void replay_bytes(StrView bytes)
{
    /* A copy of its own, so that a byte read behind its end is seen. */
    uint8_t *copy = mem_alloc(bytes.len);
    for (size_t i = 0; i < bytes.len; i++) {
        copy[i] = (uint8_t)bytes.ptr[i];
    }
    (void)LLVMFuzzerTestOneInput(copy, bytes.len); /* always 0; it aborts */
    mem_free(copy);
}

static void replay_file(const char *path)
{
    StrBuf bytes = {0};
    char chunk[4096];
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    for (size_t len; (len = fread(chunk, 1, sizeof(chunk), file)) > 0;) {
        strbuf_add(&bytes, sv_of(chunk, len));
    }
    assert_int_equal(fclose(file), 0);
    replay_bytes(strbuf_view(&bytes));
    for (size_t len = 0; len < bytes.len && bytes.len <= REPLAY_CUT_MAX; len++) {
        replay_bytes(sv_slice(strbuf_view(&bytes), 0, len));
    }
    strbuf_done(&bytes);
}

/* Replays all files of a folder; how many there were. */
static size_t replay_corpus(const char *folder)
{
    size_t count = 0;
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (struct dirent *file = readdir(dir); file; file = readdir(dir)) {
        if (file->d_name[0] == '.') {
            continue;
        }
        StrBuf path = {0};
        strbuf_printf(&path, "%s/%s", folder, file->d_name);
        replay_file(path.ptr);
        strbuf_done(&path);
        count++;
    }
    (void)closedir(dir);
    return count;
}

#endif
