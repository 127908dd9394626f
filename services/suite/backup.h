#ifndef TSUNAGU_SERVICES_SUITE_BACKUP_H_
#define TSUNAGU_SERVICES_SUITE_BACKUP_H_

#include <functional>

namespace CLI {
class App;
}  // namespace CLI

namespace tsunagu::suite {

// `tsunagu backup create DIR`: copies the SQLite databases while the server runs. `tsunagu backup verify DIR`: checks
// whether a backup is unchanged. `tsunagu backup restore DIR`: copies a backup into an empty data folder.
void AddBackup(CLI::App& app, std::function<int()>& chosen);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_BACKUP_H_
