#ifndef TSUNAGU_TOOLS_DEMO_NUMBERS_H_
#define TSUNAGU_TOOLS_DEMO_NUMBERS_H_

#include <cstdint>
#include <string>

namespace tsunagu::demo {

// Formats a share with one decimal, rounded: "62.5 %"; "–" if `whole` is 0.
std::string Share(int64_t part, int64_t whole);
// Formats metres as kilometres with one decimal, rounded: "3.4".
std::string Kilometres(int64_t metres);
// Formats milliseconds as seconds with two decimals: "1.23".
std::string Seconds(int64_t millis);

}  // namespace tsunagu::demo

#endif  // TSUNAGU_TOOLS_DEMO_NUMBERS_H_
