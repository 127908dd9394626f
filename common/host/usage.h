#ifndef TSUNAGU_COMMON_HOST_USAGE_H_
#define TSUNAGU_COMMON_HOST_USAGE_H_

#include <optional>
#include <string>

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace tsunagu {

// Has the program's help and its complaints about wrong usage speak as SpokenLanguage says. Comes before its commands
// are added: they take it over.
void SpeakOfUsage(CLI::App& app);

// --lang of a command. It has been read by ChooseLanguage; here it is shown and checked.
void AddLanguageFlag(CLI::App& command);

// What is wrong with a command line, in one line.
std::string UsageComplaint(const CLI::ParseError& error);

// Reads the command line. The code to exit with at once: 0 after --help, 2 for wrong usage; none to go on.
std::optional<int> ParseCommandLine(CLI::App& app, int argc, char** argv);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_HOST_USAGE_H_
