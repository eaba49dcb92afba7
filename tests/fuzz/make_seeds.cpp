// Writes the seeds of the corpus, or checks that they are there: for each type
// of message a random one in each form.
#include "support/file_text.hpp"
#include "support/message_samples.hpp"
#include "troupe/actors/binary_message.hpp"
#include "troupe/protocol/xml.hpp"

#include <array>
#include <cstdio>
#include <cstring>

using namespace troupe::protocol;

namespace {

struct form {
  const char* name;
  std::string (*write)(const any_message&);
  result<any_message> (*read)(const std::string&);
};

std::string to_binary(const any_message& message) {
  const auto bytes = troupe::actors::write_binary(message).value();
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

result<any_message> from_binary(const std::string& text) {
  return troupe::actors::read_binary(std::as_bytes(std::span{text}));
}

const std::array<form, 3> forms{{
    {"json", &encode_message,
     [](const std::string& text) {
       return decode_message(text);
     }},
    {"xml", [](const any_message& it) { return message_to_xml(it); },
     [](const std::string& text) {
       return message_from_xml(text);
     }},
    {"caf", &to_binary, &from_binary},
}};

/// Of many random messages the one of middling size: neither empty nor long.
any_message middling(std::size_t type, test::random_source& chance) {
  std::vector<any_message> all;
  for (int i = 0; i < 15; ++i)
    all.push_back(test::random_message(type, chance));
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return encode_message(a).size() < encode_message(b).size();
  });
  return all[7];
}

void write_seeds(const std::filesystem::path& folder) {
  test::random_source chance{20'261'121};
  const auto names = message_types();
  for (std::size_t type = 0; type < names.size(); ++type) {
    const auto message = middling(type, chance);
    for (const auto& each : forms) {
      std::filesystem::create_directories(folder / each.name);
      std::ofstream{folder / each.name / names[type], std::ios::binary}
          << each.write(message);
    }
  }
}

/// How many seeds are missing, or are no messages of their type any more.
int count_bad_seeds(const std::filesystem::path& folder) {
  int bad = 0;
  const auto names = message_types();
  for (std::size_t type = 0; type < names.size(); ++type)
    for (const auto& each : forms) {
      const auto file = folder / each.name / names[type];
      const auto read = each.read(troupe::test::file_text(file));
      if (read && read->index() == type)
        continue;
      ++bad;
      std::fprintf(stderr, "%s: %s\n", file.c_str(),
                   read ? "another type" : read.error().detail.c_str());
    }
  return bad;
}

} // namespace

int main(int count, char** arguments) {
  if (count == 2) {
    write_seeds(arguments[1]);
    return 0;
  }
  if (count == 3 && std::strcmp(arguments[1], "--check") == 0) {
    if (count_bad_seeds(arguments[2]) == 0)
      return 0;
    std::fprintf(stderr, "%s %s makes them anew\n", arguments[0], arguments[2]);
    return 1;
  }
  std::fputs("usage: troupe_fuzz_seeds [--check] FOLDER\n", stderr);
  return 2;
}
