/*
 * PathCache: paths as NDJSON writes them ("\/usr\/libexec\/teslad") beside what they mean, because
 * the same few come in line after line. Bounded: a newer path takes the place of an older one.
 */
#ifndef PARSERS_PATH_CACHE_H
#define PARSERS_PATH_CACHE_H

#include "base/base.h"
#include "base/str.h"

typedef struct PathCache PathCache;

/* Kept apart, so that the two paths of one line never displace each other. */
#define PATH_CACHE_KINDS 2

PathCache *path_cache_new(void);
void path_cache_free(PathCache *cache);

/* Finds what `escaped` means; nil when it is not there. Valid until the next path_cache_add of the
 * same kind. */
StrView path_cache_find(const PathCache *cache, int kind, StrView escaped);

/* Keeps a copy of both; does nothing for very long ones. */
void path_cache_add(PathCache *cache, int kind, StrView escaped, StrView plain);

#endif
