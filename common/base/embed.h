#ifndef TSUNAGU_COMMON_BASE_EMBED_H_
#define TSUNAGU_COMMON_BASE_EMBED_H_

// Embeds the file `path`, a string literal, unchanged into the program: its bytes lie from `symbol` up to `symbol`_end.
// Use at the top level of a .cc file, and make the build of that file depend on `path`.
#define TSUNAGU_EMBED(symbol, path)                                                   \
  __asm__(".section .rodata\n.balign 8\n" #symbol ":\n.incbin \"" path "\"\n" #symbol \
          "_end:\n"                                                                   \
          ".byte 0\n.previous\n");                                                    \
  extern "C" const char symbol[], symbol##_end[]

#endif  // TSUNAGU_COMMON_BASE_EMBED_H_
