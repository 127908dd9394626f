#include "common/host/flags.h"
#include "services/matching/module.h"

int main(int argc, char** argv) {
  const tsunagu::ServiceKind kinds[] = {{"matching", &tsunagu::matching::Build}};
  return tsunagu::ServiceMain(argc, argv, kinds);
}
