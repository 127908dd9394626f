#ifndef TSUNAGU_SERVICES_REGISTRY_SURVEY_H_
#define TSUNAGU_SERVICES_REGISTRY_SURVEY_H_

namespace tsunagu {
class Service;
}

namespace tsunagu::registry {

// Forms, rounds and responses of surveys.
void AddSurveys(Service& service);

}  // namespace tsunagu::registry

#endif  // TSUNAGU_SERVICES_REGISTRY_SURVEY_H_
