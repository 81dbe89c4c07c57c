package dev.realtime.spring.security;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.springframework.util.function.SingletonSupplier;

/**
 * All that can say who a client is: the engine's own first, then those of the
 * application.
 */
public final class ConnectAuthenticators {

	private final Supplier<List<ConnectAuthenticator>> all;

	/**
	 * Makes a list that is looked up at the first CONNECT: authenticators may need the
	 * very channel on which they are asked.
	 */
	ConnectAuthenticators(Supplier<Stream<OwnAuthenticator>> own, Supplier<Stream<ConnectAuthenticator>> application) {
		this.all = SingletonSupplier
			.of(() -> Stream.concat(own.get().map(OwnAuthenticator::authenticator), application.get()).toList());
	}

	/** In the order in which they are asked. */
	public List<ConnectAuthenticator> all() {
		return this.all.get();
	}

}
