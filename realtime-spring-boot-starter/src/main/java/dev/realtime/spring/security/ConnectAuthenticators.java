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
		this(() -> Stream.concat(own.get().map(OwnAuthenticator::authenticator), application.get()).toList());
	}

	private ConnectAuthenticators(Supplier<List<ConnectAuthenticator>> all) {
		this.all = SingletonSupplier.of(all);
	}

	/**
	 * Returns the same list with another authenticator before all others. Conditions on
	 * the beans of the application do not see it: for tests.
	 */
	public ConnectAuthenticators after(ConnectAuthenticator first) {
		return new ConnectAuthenticators(() -> Stream.concat(Stream.of(first), all().stream()).toList());
	}

	/** In the order in which they are asked. */
	public List<ConnectAuthenticator> all() {
		return this.all.get();
	}

}
