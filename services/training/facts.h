#ifndef TSUNAGU_SERVICES_TRAINING_FACTS_H_
#define TSUNAGU_SERVICES_TRAINING_FACTS_H_

namespace tsunagu {
class Service;
}  // namespace tsunagu

namespace tsunagu::training {

// Adds the recorded facts of learners: attendances, viewings, trials, test results, statements of others. A fact is
// never changed; a new fact replaces it.
void AddFacts(Service& service);

}  // namespace tsunagu::training

#endif  // TSUNAGU_SERVICES_TRAINING_FACTS_H_
