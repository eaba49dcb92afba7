// How far is the token estimate from exact o200k_base counts, per kind of
// text, and how fast are the estimate and the exact encoder?
//
//   token_error <rank file> <text files...>
//
// Without arguments: the data beside the project, where it is.
#include "tokens/bpe_encoder.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

namespace {

using troupe::protocol::token_counter;
using troupe::tokens::bpe_encoder;
namespace fs = std::filesystem;

constexpr std::size_t part_bytes = 2000;

struct corpus {
  std::string name;
  std::string text;
};

std::string read_file(const fs::path& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

std::string read_folder(const fs::path& folder, const std::string& ending) {
  std::vector<fs::path> files;
  std::error_code code;
  for (const auto& entry : fs::recursive_directory_iterator{folder, code})
    if (entry.is_regular_file() && entry.path().extension() == ending)
      files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::string text;
  for (const auto& file : files)
    text += read_file(file);
  return text;
}

std::string unzip(const fs::path& path) {
  const auto command = "gzip -dc '" + path.string() + "'";
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe{
      ::popen(command.c_str(), "r"), ::pclose};
  std::string text;
  std::vector<char> part(65'536);
  while (pipe) {
    const auto got = std::fread(part.data(), 1, part.size(), pipe.get());
    if (got == 0)
      break;
    text.append(part.data(), got);
  }
  return text;
}

std::vector<std::string_view> parts_of(std::string_view text) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    auto end = std::min(part_bytes, text.size());
    while (end < text.size()
           && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
      ++end;
    parts.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return parts;
}

/// Megabytes per second of one core, the best of five.
double speed_of(const token_counter& counter, const std::string& text) {
  double best = 0;
  for (int i = 0; i < 5; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    const auto count = counter.count(text);
    const std::chrono::duration<double> spent =
        std::chrono::steady_clock::now() - begin;
    if (count != 0 && spent.count() > 0)
      best = std::max(best,
                      static_cast<double>(text.size()) / 1e6 / spent.count());
  }
  return best;
}

void report(const bpe_encoder& exact, const corpus& from) {
  const troupe::protocol::token_estimator estimator;
  std::vector<double> errors;
  double truths = 0;
  double guesses = 0;
  for (auto part : parts_of(from.text)) {
    const auto truth = static_cast<double>(exact.count(part));
    const auto guess = static_cast<double>(estimator.count(part));
    truths += truth;
    guesses += guess;
    errors.push_back(100 * std::abs(guess - truth) / truth);
  }
  if (errors.empty())
    return;
  double sum = 0;
  for (auto x : errors)
    sum += x;
  std::sort(errors.begin(), errors.end());
  std::printf("%-26s %9.0f %+7.1f %% %6.1f %% %6.1f %% %7.1f %7.1f\n",
              from.name.c_str(), truths, 100 * (guesses / truths - 1),
              sum / static_cast<double>(errors.size()),
              errors[errors.size() * 95 / 100], speed_of(exact, from.text),
              speed_of(estimator, from.text));
}

/// The JSON objects with many Han characters and no kana.
std::string chinese_objects(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto end = std::min(text.find('}'), text.size() - 1) + 1;
    const auto line = text.substr(0, end);
    text.remove_prefix(end);
    const auto han =
        std::count_if(line.begin(), line.end(),
                      [](unsigned char c) { return c >= 0xE4 && c <= 0xE9; });
    if (han >= 20 && line.find("\xE3\x81") == std::string_view::npos)
      out += line;
  }
  return out;
}

std::vector<corpus> default_corpora() {
  const fs::path data{TROUPE_SHARED_DATA_DIR};
  const fs::path source{TROUPE_SOURCE_DIR};
  std::string code;
  for (auto part : {"protocol", "actors", "runtime"})
    code += read_folder(source / part, ".cpp");
  const auto languages =
      read_file(data
                / "cyberseceval-injection/CybersecurityBenchmarks/datasets"
                  "/prompt_injection"
                  "/prompt_injection_multilingual_machine_translated.json");
  return {{"English, novel", read_file(data / "longdocs/moby-dick.txt")},
          {"English, speeches", read_folder(data / "longdocs/sotu", ".txt")},
          {"C++, this project", std::move(code)},
          {"JSON, price list", read_file(data / "prices/genai_prices.json")},
          {"JSON, usages", read_file(data / "prices/usages.json")},
          {"Chinese (JSON)", chinese_objects(languages)},
          {"17 languages (JSON)", languages},
          {"hostile strings", read_file(data / "blns/blns.txt")}};
}

} // namespace

int main(int argc, char** argv) {
  const fs::path data{TROUPE_SHARED_DATA_DIR};
  const auto ranks = argc > 1
                         ? read_file(argv[1])
                         : unzip(data / "tokenizers/o200k_base.tiktoken.gz");
  const auto exact = bpe_encoder::make(ranks, troupe::token_split::o200k);
  if (!exact) {
    std::printf("skipped: no rank file (%s)\n", exact.error().detail.c_str());
    return 0;
  }
  std::vector<corpus> corpora;
  for (int i = 2; i < argc; ++i)
    corpora.push_back(
        {fs::path{argv[i]}.filename().string(), read_file(argv[i])});
  if (corpora.empty())
    corpora = default_corpora();
  std::printf("Parts of %zu bytes. Speeds in MB/s of one core.\n", part_bytes);
  std::printf("%-26s %9s %9s %8s %8s %7s %7s\n", "text", "tokens", "bias",
              "mean|e|", "p95|e|", "exact", "guess");
  for (const auto& x : corpora)
    report(**exact, x);
}
