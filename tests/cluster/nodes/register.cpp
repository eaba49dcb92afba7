// A store of two nodes that is made to be judged: `early PORT [ADDRESS PORT]`
// answers a write before its copy is on the other node, `careful` after that.
//   set KEY VALUE -> ok VERSION, or unknown      get KEY -> is VERSION VALUE
//   put KEY VERSION VALUE -> done (from the other node)
#include "cluster/nodes/line_node.hpp"
#include "support/cluster/line_talk.hpp"

#include <cstdlib>
#include <map>
#include <memory>
#include <sstream>

using namespace troupe::test;
using namespace std::chrono_literals;

namespace {

struct entry {
  std::uint64_t version = 0;
  std::string value;
};

class register_node {
public:
  explicit register_node(bool is_careful) : is_careful_{is_careful} {}

  void copy_to(const std::string& address, int port) {
    copy_ = std::make_unique<line_talk>(descriptor{connect_to(address, port)});
  }

  std::string answer(const std::string& line) {
    std::istringstream words{line};
    std::string what;
    std::string key;
    words >> what >> key;
    auto& it = entries_[key];
    if (what == "get")
      return "is " + std::to_string(it.version) + ' ' + it.value;
    if (what == "put") {
      words >> it.version >> it.value;
      return "done";
    }
    std::string value;
    words >> value;
    return write(key, it, value);
  }

private:
  std::string write(const std::string& key, entry& it,
                    const std::string& value) {
    const entry next{it.version + 1, value};
    const auto put =
        "put " + key + ' ' + std::to_string(next.version) + ' ' + value;
    if (!is_careful_)
      static_cast<void>(copy_ && copy_->send(put));
    else if (copy_ && copy_->ask(put, 500ms) != "done")
      return "unknown";
    it = next;
    return "ok " + std::to_string(next.version);
  }

  bool is_careful_;
  std::unique_ptr<line_talk> copy_;
  std::map<std::string, entry> entries_; // bounded by the test
};

} // namespace

int main(int count, char** words) {
  if (count != 3 && count != 5)
    return 2;
  register_node node{std::string{words[1]} == "careful"};
  if (count == 5)
    node.copy_to(words[3], std::atoi(words[4]));
  return serve_lines(std::atoi(words[2]), [&](const std::string& line) {
    return node.answer(line);
  });
}
