#ifndef TSUNAGU_SERVICES_SUITE_RECOMMEND_H_
#define TSUNAGU_SERVICES_SUITE_RECOMMEND_H_

#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "services/suite/client.h"

namespace CLI {
class App;
}

namespace tsunagu::suite {

struct RecommendOptions {
  // For whom: one of these, or a licence with what else a person says of herself.
  std::string opening, nurse, licence;
  std::vector<std::string> skills;
  int weekly_minutes = 0, commute_limit_metres = 0, commute_limit_minutes = 0;
  std::string home_mesh, home_area;
  std::string operator_code, basis;  // who brings them together, by which legal basis
  std::string area;                  // where; empty: the prefecture
  int count = 0;                     // most to list; 0: as many as the server thinks
};

// Lists nurses for an opening, or openings for a nurse or for somebody on the telephone, with reasons and with what is
// missing; without a legal basis the counts, and why there are no names.
absl::Status Recommend(const Client& client, const RecommendOptions& options, std::ostream& told);

// `tsunagu recommend`.
void AddRecommend(CLI::App& app, std::function<int()>& chosen);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_RECOMMEND_H_
