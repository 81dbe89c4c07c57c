package dev.realtime.spring.security;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * The token with which a user has connected, as far as it can be revoked.
 *
 * @param id names the token, such as {@code jti} of a JWT; null if it has none
 * @param issuedAt when it was issued, such as {@code iat}; null if it does not say. It
 * then counts as issued before any time
 */
public record ConnectToken(@Nullable String id, @Nullable Instant issuedAt) {
}
