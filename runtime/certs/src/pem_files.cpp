#include "pem_files.hpp"

#include "asn1_access.hpp"
#include "descriptor.hpp"

#include <openssl/crypto.h>
#include <openssl/pem.h>

#include <array>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace troupe::certs {

using protocol::errc;
using protocol::error;
using protocol::fail;
using protocol::result;

namespace {

using owned_bio = owned<BIO, &BIO_free_all>;

error unreadable(const std::string& file, const char* why) {
  return fail(errc::file_unreadable, file + ": " + why);
}

/// Nobody is asked for a passphrase: the library would do so at the terminal.
int no_passphrase(char* /*into*/, int /*size*/, int /*writes*/,
                  void* /*user*/) {
  return -1;
}

/// The whole of an open file. What is read grows by pieces of at most 64 KiB.
result<std::string> read_all(const descriptor& from, const std::string& file,
                             std::size_t bytes_max) {
  std::string text;
  std::array<char, 4096> piece{};
  while (true) {
    const auto got = ::read(from.get(), piece.data(), piece.size());
    if (got < 0)
      return unreadable(file, "cannot be read");
    if (got == 0)
      break;
    text.append(piece.data(), static_cast<std::size_t>(got));
    if (text.size() > bytes_max) {
      OPENSSL_cleanse(text.data(), text.size());
      return unreadable(file, "is too large");
    }
  }
  OPENSSL_cleanse(piece.data(), piece.size());
  return text;
}

/// Not blocking, so that a pipe of that name does not make us wait.
result<descriptor> open_plain(const std::string& file) {
  descriptor made{
      ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)};
  if (made.get() < 0)
    return unreadable(file, errno == ENOENT ? "there is no such file"
                                            : "cannot be opened");
  struct stat about {};
  if (::fstat(made.get(), &about) != 0 || !S_ISREG(about.st_mode))
    return unreadable(file, "is not a plain file");
  return made;
}

/// Asks the open file, not the path, which may change in between.
result<void> check_privacy(const descriptor& key, const std::string& file) {
  struct stat about {};
  if (::fstat(key.get(), &about) != 0)
    return unreadable(file, "cannot be looked at");
  if (about.st_uid != ::geteuid() && about.st_uid != 0)
    return fail(errc::key_file_open, file + ": belongs to somebody else");
  if ((about.st_mode & 0077U) != 0)
    return fail(errc::key_file_open,
                file + ": others may read or write it; 'chmod 600 " + file
                    + "', and make a new key if others have had access");
  return {};
}

owned_bio memory_of(const std::string& text) {
  return owned_bio{BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))};
}

std::string text_in(BIO* memory) {
  char* data = nullptr;
  const auto size = BIO_ctrl(memory, BIO_CTRL_INFO, 0, &data);
  return size > 0 ? std::string(data, static_cast<std::size_t>(size))
                  : std::string{};
}

/// Two of a kind would leave open which one is meant.
template <class T, class Read>
result<T> read_only_one(const std::string& file, std::size_t bytes_max,
                        const char* kind, Read read) {
  const error_queue_guard guard;
  const auto text = open_plain(file);
  if (!text)
    return text.error();
  const auto bytes = read_all(*text, file, bytes_max);
  if (!bytes)
    return bytes.error();
  const auto memory = memory_of(*bytes);
  T first{read(memory.get(), nullptr, &no_passphrase, nullptr)};
  if (!first)
    return fail(errc::config_invalid,
                file + ": holds no " + kind + " in PEM form");
  const T second{read(memory.get(), nullptr, &no_passphrase, nullptr)};
  if (second)
    return fail(errc::config_invalid, file + ": holds more than one " + kind);
  return first;
}

} // namespace

secret_text::~secret_text() {
  OPENSSL_cleanse(text_.data(), text_.size());
}

result<std::string> read_bytes(const std::string& file, std::size_t bytes_max) {
  const auto from = open_plain(file);
  if (!from)
    return from.error();
  return read_all(*from, file, bytes_max);
}

result<certificate> read_certificate(const std::string& file) {
  return read_only_one<certificate>(file, cert_bytes_max, "certificate",
                                    &PEM_read_bio_X509);
}

result<revocation_list> read_revocations(const std::string& file) {
  return read_only_one<revocation_list>(file, list_bytes_max, "revocation list",
                                        &PEM_read_bio_X509_CRL);
}

result<private_key> read_key(const std::string& file) {
  const error_queue_guard guard;
  const auto from = open_plain(file);
  if (!from)
    return from.error();
  if (const auto ours = check_privacy(*from, file); !ours)
    return ours.error();
  auto bytes = read_all(*from, file, cert_bytes_max);
  if (!bytes)
    return bytes.error();
  const secret_text text{std::move(*bytes)};
  const auto memory = memory_of(text.reveal());
  private_key key{
      PEM_read_bio_PrivateKey(memory.get(), nullptr, &no_passphrase, nullptr)};
  if (!key)
    return fail(errc::config_invalid,
                file + ": holds no key in PEM form without a passphrase");
  return key;
}

std::string pem_of(X509* cert) {
  const error_queue_guard guard;
  const owned_bio memory{BIO_new(BIO_s_mem())};
  return memory && PEM_write_bio_X509(memory.get(), cert) == 1
             ? text_in(memory.get())
             : std::string{};
}

std::string pem_of(X509_CRL* list) {
  const error_queue_guard guard;
  const owned_bio memory{BIO_new(BIO_s_mem())};
  return memory && PEM_write_bio_X509_CRL(memory.get(), list) == 1
             ? text_in(memory.get())
             : std::string{};
}

secret_text pem_of(EVP_PKEY* key) {
  const error_queue_guard guard;
  const owned_bio memory{BIO_new(BIO_s_secmem())};
  const bool written =
      memory
      && PEM_write_bio_PKCS8PrivateKey(memory.get(), key, nullptr, nullptr, 0,
                                       nullptr, nullptr)
             == 1;
  return secret_text{written ? text_in(memory.get()) : std::string{}};
}

} // namespace troupe::certs
