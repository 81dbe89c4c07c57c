package dev.realtime.spring.security;

/** There is a decoder of tokens and no authenticator that uses it. */
@SuppressWarnings("serial")
public final class UncheckedTokensException extends RuntimeException {

	UncheckedTokensException() {
		super("There is a JwtDecoder, and no ConnectAuthenticator that uses it: the tokens of CONNECT frames would not be "
				+ "checked. Add spring-boot-starter-oauth2-resource-server, declare a ConnectAuthenticator bean, or, where "
				+ "there are several decoders, mark one of them @Primary.");
	}

}
