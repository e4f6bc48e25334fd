/*
 * ExcerptBundle: see excerpt_bundle.h. The small files first, so that whoever looks at the
 * archive's beginning has them; all but the entries are made when it begins.
 */
#include "session/excerpt_bundle.h"

#include <string.h>

#include "base/mem.h"
#include "session/excerpt.h"
#include "session/gzip_out.h"
#include "session/tar.h"

#define PIECE_BYTES (256 * KIB)
#define ENTRIES "entries.ndjson"

struct ExcerptBundle {
    GzipOut *gzip;
    Spool *spool;
    StrBuf tar; /* not packed yet */
    StrBuf sums;
    int64_t seconds;
    bool is_over;
};

static void add_sum(ExcerptBundle *bundle, const char *hex, const char *name)
{
    strbuf_printf(&bundle->sums, "%s  %s\n", hex, name);
}

static void add_head(ExcerptBundle *bundle, const char *name, uint64_t size)
{
    char path[TAR_NAME_MAX + 1] = BUNDLE_FOLDER "/";
    (void)strncat(path, name, sizeof path - sizeof BUNDLE_FOLDER - 1);
    tar_head(path, size, bundle->seconds, &bundle->tar);
}

static void add_file(ExcerptBundle *bundle, const char *name, StrView text)
{
    char hex[SHA256_HEX_MAX];
    Sha256 sum;
    sha256_init(&sum);
    sha256_add(&sum, text);
    sha256_end(&sum, hex);
    add_sum(bundle, hex, name);
    add_head(bundle, name, text.len);
    strbuf_add(&bundle->tar, text);
    tar_pad(text.len, &bundle->tar);
}

/* Appends the facts whose labels begin so, or all other ones. */
static void print_some(const ExcerptFacts *facts, const char *const *starts, size_t count,
                       StrBuf *buf)
{
    for (size_t i = 0; i < facts->count; i++) {
        bool is_wanted = false;
        for (size_t k = 0; k < count; k++) {
            is_wanted = is_wanted || sv_starts(sv(facts->items[i].label), sv(starts[k]));
        }
        if (is_wanted) {
            strbuf_printf(buf, "%s: ", facts->items[i].label);
            strbuf_add(buf, facts->items[i].text);
            strbuf_add_char(buf, '\n');
        }
    }
}

static void add_facts(ExcerptBundle *bundle, const ExcerptFacts *facts)
{
    static const char *const PREDICATES[] = {"predicate", "chosen", "noise", "--"};
    static const char *const VERSIONS[] = {"tool", "macOS", "source", "host"};
    static const char *const REDACTION[] = {"redaction", "replaced", "kept"};
    StrBuf text = {0};
    print_some(facts, PREDICATES, ARRAY_LEN(PREDICATES), &text);
    add_file(bundle, "predicate.txt", strbuf_view(&text));
    strbuf_clear(&text);
    print_some(facts, VERSIONS, ARRAY_LEN(VERSIONS), &text);
    add_file(bundle, "versions.txt", strbuf_view(&text));
    strbuf_clear(&text);
    print_some(facts, REDACTION, ARRAY_LEN(REDACTION), &text);
    add_file(bundle, "redaction.txt", strbuf_view(&text));
    strbuf_done(&text);
}

ExcerptBundle *excerpt_bundle_new(const ExcerptFacts *facts, StrView report, Spool *spool,
                                  int64_t seconds, Err *err)
{
    if (spool->len > TAR_SIZE_MAX) {
        (void)err_set(err, "the entries are too many for an archive: 8 GiB is the most");
        return NULL;
    }
    ExcerptBundle *bundle = mem_calloc(1, sizeof *bundle);
    bundle->gzip = gzip_out_new();
    bundle->spool = spool;
    bundle->seconds = seconds;
    add_file(bundle, "report.md", report.ptr != NULL ? report : SV(""));
    add_facts(bundle, facts);
    /* "SUM (of them as NDJSON lines)" */
    StrView sum = excerpt_facts_find(facts, EXCERPT_SUM_LABEL);
    char hex[SHA256_HEX_MAX] = "";
    memcpy(hex, sum.ptr, sum.len < sizeof hex - 1 ? sum.len : sizeof hex - 1);
    add_sum(bundle, hex, ENTRIES);
    StrBuf sums = bundle->sums;
    add_head(bundle, "SHA256SUMS", sums.len);
    strbuf_add(&bundle->tar, strbuf_view(&sums));
    tar_pad(sums.len, &bundle->tar);
    add_head(bundle, ENTRIES, spool->len);
    return bundle;
}

void excerpt_bundle_free(ExcerptBundle *bundle)
{
    if (bundle != NULL) {
        gzip_out_free(bundle->gzip);
        strbuf_done(&bundle->tar);
        strbuf_done(&bundle->sums);
        mem_free(bundle);
    }
}

bool excerpt_bundle_step(ExcerptBundle *bundle, StrBuf *buf, bool *ret_more, Err *err)
{
    if (bundle->is_over) {
        *ret_more = false;
        return true;
    }
    if (!spool_read(bundle->spool, PIECE_BYTES, &bundle->tar, err)) {
        return false;
    }
    bundle->is_over = bundle->spool->at == bundle->spool->len;
    if (bundle->is_over) {
        tar_pad(bundle->spool->len, &bundle->tar);
        tar_end(&bundle->tar);
    }
    gzip_out_add(bundle->gzip, strbuf_view(&bundle->tar), buf);
    strbuf_clear(&bundle->tar);
    if (bundle->is_over) {
        gzip_out_end(bundle->gzip, buf);
    }
    *ret_more = !bundle->is_over;
    return true;
}
