/*
 * The themes of the project, for tests of how they look: all that are compiled in.
 */
#ifndef TESTS_THEMES_SHIPPED_H
#define TESTS_THEMES_SHIPPED_H

#include "base/embed.h"
#include "themes/theme.h"

#define SHIPPED_MAX 32

typedef struct Shipped {
    Theme themes[SHIPPED_MAX];
    size_t count;
} Shipped;

static inline bool find_shipped(void *context, const char *name, const char *from, StrBuf *ret_text)
{
    (void)context;
    (void)from;
    StrBuf path = {0};
    strbuf_printf(&path, "themes/%s.json", name);
    bool is_read = embed_read(path.ptr, ret_text);
    strbuf_done(&path);
    return is_read;
}

/* Reads all; a broken one fails the test. */
static inline void read_shipped(Shipped *ret)
{
    ret->count = 0;
    for (const EmbeddedFile *file = EMBEDDED_FILES; file->name != NULL; file++) {
        if (!sv_starts(sv(file->name), SV("themes/"))) {
            continue;
        }
        StrBuf text = {0};
        Err err = err_none();
        assert_true(embed_read(file->name, &text));
        assert_true(ret->count < SHIPPED_MAX);
        if (!theme_read(strbuf_view(&text), file->name, find_shipped, NULL,
                        &ret->themes[ret->count++], &err)) {
            fail_msg("%s", err.text);
        }
        strbuf_done(&text);
    }
}

/* Gives a group of tests all themes as its state. */
static inline int begin_with_shipped(void **state)
{
    static Shipped shipped;
    read_shipped(&shipped);
    *state = &shipped;
    return 0;
}

#endif
