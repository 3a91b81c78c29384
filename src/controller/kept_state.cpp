#include "kept_state.h"

#include <array>
#include <cstdint>
#include <cstring>

namespace edgetide::controller {
namespace {

using forecast::ForecastState;

/// The sizes of the parts stand for their layout; ForecastState::kVersion for what sizes do not
/// show.
struct Header {
  std::array<char, 8> name{'e', 'd', 'g', 'e', 't', 'i', 'd', 'e'};
  std::array<std::uint32_t, 11> layout{static_cast<std::uint32_t>(ForecastState::kVersion),
                                       sizeof(ForecastState),
                                       sizeof(std::optional<forecast::FittedModel>),
                                       sizeof(forecast::Recent),
                                       sizeof(forecast::SeasonalLevel),
                                       sizeof(forecast::EventMemory),
                                       sizeof(forecast::EventPace),
                                       sizeof(forecast::BeginningPace),
                                       sizeof(forecast::RunningEvents),
                                       sizeof(forecast::HorizonTracker),
                                       sizeof(forecast::Accuracy)};
  std::uint64_t sum = 0;
};

}  // namespace

std::uint64_t checksum(std::string_view bytes) {
  std::uint64_t sum = 14'695'981'039'346'656'037u;
  for (const char byte : bytes) sum = (sum ^ static_cast<unsigned char>(byte)) * 1'099'511'628'211u;
  return sum;
}

std::string encode_state(const ForecastState& state) {
  std::string bytes(sizeof(Header) + sizeof state, '\0');
  std::memcpy(bytes.data() + sizeof(Header), &state, sizeof state);
  Header header;
  header.sum = checksum(std::string_view(bytes).substr(sizeof(Header)));
  std::memcpy(bytes.data(), &header, sizeof header);
  return bytes;
}

std::optional<ForecastState> decode_state(std::string_view bytes) {
  if (bytes.size() != sizeof(Header) + sizeof(ForecastState)) return std::nullopt;
  Header header;
  const Header ours;
  std::memcpy(&header, bytes.data(), sizeof header);
  const std::string_view body = bytes.substr(sizeof(Header));
  if (header.name != ours.name || header.layout != ours.layout || header.sum != checksum(body))
    return std::nullopt;
  ForecastState state;
  std::memcpy(&state, body.data(), sizeof state);
  if (state.version != ForecastState::kVersion) return std::nullopt;
  return state;
}

}  // namespace edgetide::controller
