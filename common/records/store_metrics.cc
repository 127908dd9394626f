#include "common/records/store_metrics.h"

namespace tsunagu::store {

StoreMetrics::StoreMetrics(const std::string& service, Database& database)
    : replays(metrics::Registry::Process().CounterOf("tsunagu_request_replays_total",
                                                     "Repeated requests that were given their first answer",
                                                     {{"service", service}})),
      unknown_commits(metrics::Registry::Process().CounterOf(
          "tsunagu_unknown_commits_total", "Commits without an answer, looked up afterwards", {{"service", service}})) {
  metrics::Registry& registry = metrics::Registry::Process();
  const metrics::Labels labels = {{"service", service}};
  const auto gauge = [&](const char* name, const char* help, int64_t Database::Load::*value) {
    watches_.push_back(registry.Gauge(name, help, labels, [&database, value] { return database.load().*value; }));
  };
  const auto total = [&](const char* name, const char* help, int64_t Database::Load::*value) {
    watches_.push_back(registry.Total(name, help, labels, [&database, value] { return database.load().*value; }));
  };
  gauge("tsunagu_database_connections", "Connections of the pool in use", &Database::Load::connections);
  gauge("tsunagu_database_connections_bound", "Connections the pool may make", &Database::Load::connections_bound);
  gauge("tsunagu_database_waiting", "Callers who wait for a connection or for the writer", &Database::Load::waiting);
  total("tsunagu_database_waits_total", "Callers who had to wait for a connection", &Database::Load::waits);
  total("tsunagu_database_retries_total", "Transactions run again after a conflict", &Database::Load::retries);
}

}  // namespace tsunagu::store
