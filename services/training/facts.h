#ifndef TSUNAGU_SERVICES_TRAINING_FACTS_H_
#define TSUNAGU_SERVICES_TRAINING_FACTS_H_

namespace tsunagu {
class Service;
}  // namespace tsunagu

namespace tsunagu::training {

// What is recorded of learners: attendances, viewings, trials, results of tests, statements of others. Nothing of a
// fact is ever changed; another one replaces it.
void AddFacts(Service& service);

}  // namespace tsunagu::training

#endif  // TSUNAGU_SERVICES_TRAINING_FACTS_H_
