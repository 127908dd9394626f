#ifndef TSUNAGU_SERVICES_SUITE_BACKUP_H_
#define TSUNAGU_SERVICES_SUITE_BACKUP_H_

#include <functional>

namespace CLI {
class App;
}  // namespace CLI

namespace tsunagu::suite {

// `tsunagu backup create DIR`: the SQLite databases copied beside a running server. `tsunagu backup verify DIR`:
// whether a backup is as it was made. `tsunagu backup restore DIR`: put into an empty data folder.
void AddBackup(CLI::App& app, std::function<int()>& chosen);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_BACKUP_H_
