/* Of <assert.h> what is left of it with NDEBUG. */
#define assert(condition) ((void)0)
