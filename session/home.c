/*
 * Home: see home.h.
 */
#include "session/home.h"

#include "base/base.h"

void home_expand(StrView path, const char *home, StrBuf *ret)
{
    static const char *const SIGNS[] = {"~", "$HOME"};

    for (size_t i = 0; i < ARRAY_LEN(SIGNS) && home != NULL && home[0] == '/'; i++) {
        StrView rest = sv_slice(path, sv(SIGNS[i]).len, SIZE_MAX);
        if (sv_starts(path, sv(SIGNS[i])) && (rest.len == 0 || rest.ptr[0] == '/')) {
            bool is_double = sv_ends(sv(home), SV("/")) && rest.len > 0; /* "/" is a home as well */
            strbuf_add_str(ret, home);
            strbuf_add(ret, sv_slice(rest, is_double ? 1 : 0, SIZE_MAX));
            return;
        }
    }
    strbuf_add(ret, path);
}
