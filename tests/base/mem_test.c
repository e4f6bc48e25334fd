/*
 * mem and Arena: growth, alignment, zeroed memory, and the way out when there is none left.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdalign.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/mem.h"

static void leave(void)
{
    _exit(42);
}

static int status_of_child(void (*hook)(void), size_t count, size_t size)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        mem_on_exhausted(hook);
        mem_free(mem_realloc(NULL, count, size));
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void test_exhausted(void **state)
{
    (void)state;
    int status = status_of_child(leave, SIZE_MAX / 2, 4);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 42);

    status = status_of_child(leave, 10, 4);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void test_empty_requests(void **state)
{
    (void)state;
    char *a = mem_alloc(0);
    char *b = mem_calloc(0, 8);
    char *c = mem_dup(NULL, 0);
    assert_non_null(a);
    assert_non_null(b);
    assert_string_equal(c, "");
    mem_free(a);
    mem_free(b);
    mem_free(c);
    mem_free(NULL);
}

static void test_grow(void **state)
{
    (void)state;
    int *items = NULL;
    size_t capacity = 0;
    for (size_t len = 0; len < 1000; len++) {
        mem_grow((void **)&items, &capacity, len, sizeof *items);
        assert_true(capacity > len);
        items[len] = (int)len;
    }
    assert_true(capacity < 2000);
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(items[i], i);
    }
    mem_free(items);
}

static void test_arena_alloc(void **state)
{
    (void)state;
    Arena arena = {0};
    unsigned char *first = arena_alloc(&arena, 1);
    size_t asked = 1;
    for (size_t size = 0; size < 3000; size += 7) {
        unsigned char *ptr = arena_alloc(&arena, size);
        assert_int_equal((uintptr_t)ptr % alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++) {
            assert_int_equal(ptr[i], 0);
        }
        memset(ptr, 0xAB, size);
        asked += size;
    }
    assert_int_equal(arena.bytes, asked);
    assert_int_equal(*first, 0);
    arena_done(&arena);
    assert_int_equal(arena.bytes, 0);
    assert_non_null(arena_alloc(&arena, 5));
    arena_done(&arena);
}

static void test_arena_big_block_keeps_newest(void **state)
{
    (void)state;
    Arena arena = {0};
    char *before = arena_alloc(&arena, 16);
    char *big = arena_alloc(&arena, MIB);
    char *after = arena_alloc(&arena, 16);
    memset(big, 1, MIB);
    assert_true(after == before + 16); /* the block in use was not thrown away */
    arena_done(&arena);
}

static void test_arena_dup(void **state)
{
    (void)state;
    Arena arena = {0};
    StrView copy = arena_dup(&arena, SV("teslad"));
    assert_int_equal(copy.len, 6);
    assert_string_equal(copy.ptr, "teslad");
    assert_null(arena_dup(&arena, SV_NONE).ptr);
    StrView empty = arena_dup(&arena, SV(""));
    assert_non_null(empty.ptr);
    assert_int_equal(empty.len, 0);
    assert_string_equal(copy.ptr, "teslad");
    arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exhausted),
        cmocka_unit_test(test_empty_requests),
        cmocka_unit_test(test_grow),
        cmocka_unit_test(test_arena_alloc),
        cmocka_unit_test(test_arena_big_block_keeps_newest),
        cmocka_unit_test(test_arena_dup),
    };
    return cmocka_run_group_tests_name("base/mem", tests, NULL, NULL);
}
