/* A test program of several cases, each run by its name. One that fails says which condition, and ends with 1. */

#ifndef CASES_H
#define CASES_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(condition) \
  do { \
    if (!(condition)) printf("line %d: %s\n", __LINE__, #condition), exit(1); \
  } while (0)

struct test {
  const char *name;
  void (*run)(void);
};

/* Ends the program; with 2 when no case has that name. */
static inline int run_case(const struct test *tests, size_t count, int argc, char **argv) {
  for (size_t i = 0; argc > 1 && i < count; i++)
    if (strcmp(tests[i].name, argv[1]) == 0) {
      tests[i].run();
      return 0;
    }
  return 2;
}

#define RUN_CASE(tests, argc, argv) run_case(tests, sizeof tests / sizeof *tests, argc, argv)

#endif
