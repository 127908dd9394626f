#ifndef TSUNAGU_COMMON_HOST_USAGE_H_
#define TSUNAGU_COMMON_HOST_USAGE_H_

#include <optional>
#include <string>

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace tsunagu {

// Makes the program's help and its messages about wrong usage use SpokenLanguage. Call before its commands are added,
// because they inherit it.
void SpeakOfUsage(CLI::App& app);

// Adds --lang to a command. ChooseLanguage has read it already; here it is shown and checked.
void AddLanguageFlag(CLI::App& command);

// Returns what is wrong with a command line, in one line.
std::string UsageComplaint(const CLI::ParseError& error);

// Reads the command line. Returns the exit code if the program has to end: 0 after --help, 2 for wrong usage; nothing
// to continue.
std::optional<int> ParseCommandLine(CLI::App& app, int argc, char** argv);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_HOST_USAGE_H_
