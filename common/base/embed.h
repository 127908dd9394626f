#ifndef TSUNAGU_COMMON_BASE_EMBED_H_
#define TSUNAGU_COMMON_BASE_EMBED_H_

// Puts the file of this path, a string literal, into the program as it is, from `symbol` up to `symbol`_end. At the top
// level of a .cc file that the build has depend on it.
#define TSUNAGU_EMBED(symbol, path)                                                   \
  __asm__(".section .rodata\n.balign 8\n" #symbol ":\n.incbin \"" path "\"\n" #symbol \
          "_end:\n"                                                                   \
          ".byte 0\n.previous\n");                                                    \
  extern "C" const char symbol[], symbol##_end[]

#endif  // TSUNAGU_COMMON_BASE_EMBED_H_
