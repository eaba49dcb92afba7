// A node for tests of the testbed: `listen PORT` answers each line with its
// name and the line; `say TEXT` says it to standard error and ends with 7.
#include "cluster/nodes/line_node.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>

int main(int count, char** words) {
  const char* given = std::getenv("ECHO_NAME");
  const std::string name = given == nullptr ? "echo" : given;
  if (count == 3 && std::strcmp(words[1], "listen") == 0)
    return troupe::test::serve_lines(
        std::atoi(words[2]),
        [&](const std::string& line) { return name + ' ' + line; });
  if (count == 3 && std::strcmp(words[1], "say") == 0) {
    std::fprintf(stderr, "%s\n", words[2]);
    return 7;
  }
  return 2;
}
