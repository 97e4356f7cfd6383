// The runtime of the shipped module: there is none.
//
// Whatever would need an allocator or a collector (`new`, an array, a built string, a closure) stops the
// compiler here. The message names this file; the culprit is the code that was changed last.

// @ts-ignore: decorator
@unsafe @global function __alloc(size: usize): usize { ERROR("the core must not allocate"); return 0; }
// @ts-ignore: decorator
@unsafe @global function __realloc(ptr: usize, size: usize): usize { ERROR("the core must not allocate"); return 0; }
// @ts-ignore: decorator
@unsafe @global function __free(ptr: usize): void { ERROR("the core must not allocate"); }
// @ts-ignore: decorator
@unsafe @global function __new(size: usize, id: u32): usize { ERROR("the core must not allocate"); return 0; }
// @ts-ignore: decorator
@unsafe @global function __renew(ptr: usize, size: usize): usize { ERROR("the core must not allocate"); return 0; }
// @ts-ignore: decorator
@unsafe @global function __link(parent: usize, child: usize, many: bool): void { ERROR("the core must not hold managed objects"); }
// @ts-ignore: decorator
@unsafe @global function __pin(ptr: usize): usize { ERROR("the core must not hold managed objects"); return 0; }
// @ts-ignore: decorator
@unsafe @global function __unpin(ptr: usize): void { ERROR("the core must not hold managed objects"); }
// @ts-ignore: decorator
@unsafe @global function __visit(ptr: usize, cookie: u32): void { ERROR("the core must not hold managed objects"); }
// @ts-ignore: decorator
@unsafe @global function __collect(): void { ERROR("the core must not hold managed objects"); }
