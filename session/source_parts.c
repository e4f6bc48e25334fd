/*
 * Parts: see source_parts.h. It goes by the names alone: no file is looked at.
 */
#include "session/source_parts.h"

#include "session/capture.h"

/* Tells whether `next` is called as the part after `path`. */
static bool follows(const char *path, const char *next)
{
    StrView stem = sv(path);
    StrView next_stem;
    unsigned part = 1;
    unsigned next_part;
    if (!capture_part_of(sv(next), &next_stem, &next_part)) {
        return false;
    }
    if (next_part > 2 && !capture_part_of(sv(path), &stem, &part)) {
        return false;
    }
    return next_part == part + 1 && sv_equal(stem, next_stem);
}

static bool is_sequel(const Options *options, const SourceSpec *source)
{
    for (size_t i = 0; i < options->source_count && source->kind == SOURCE_FILE; i++) {
        if (options->sources[i].kind == SOURCE_FILE &&
            follows(options->sources[i].argument, source->argument)) {
            return true;
        }
    }
    return false;
}

void source_parts_join(Options *options)
{
    Options whole = *options;
    whole.source_count = 0;
    for (size_t i = 0; i < options->source_count; i++) {
        if (is_sequel(options, &options->sources[i])) {
            whole.parts[whole.part_count++] = options->sources[i].argument;
        } else {
            whole.sources[whole.source_count++] = options->sources[i];
        }
    }
    *options = whole;
}

const char *source_parts_after(const Options *options, const char *path)
{
    for (size_t i = 0; i < options->part_count; i++) {
        if (follows(path, options->parts[i])) {
            return options->parts[i];
        }
    }
    return NULL;
}
