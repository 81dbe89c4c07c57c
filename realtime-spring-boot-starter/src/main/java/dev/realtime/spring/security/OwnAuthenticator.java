package dev.realtime.spring.security;

/**
 * An authenticator of the engine's. As a bean it is no {@link ConnectAuthenticator}, so
 * conditions on those of the application do not see it.
 *
 * @param authenticator is asked before those of the application
 */
public record OwnAuthenticator(ConnectAuthenticator authenticator) {
}
