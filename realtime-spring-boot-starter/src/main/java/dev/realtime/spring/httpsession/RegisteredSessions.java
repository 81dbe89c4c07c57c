package dev.realtime.spring.httpsession;

import java.util.List;
import java.util.function.Supplier;

import org.springframework.security.core.session.SessionRegistry;
import org.springframework.util.function.SingletonSupplier;

/** Asks Spring Security's registry which sessions were expired ({@code expireNow}). */
final class RegisteredSessions implements SessionCheck {

	private final Supplier<List<SessionRegistry>> registries;

	/**
	 * Makes a check.
	 * @param registries asked once, for all there are
	 */
	RegisteredSessions(Supplier<List<SessionRegistry>> registries) {
		this.registries = SingletonSupplier.of(registries);
	}

	/** The registry need not know every session. */
	@Override
	public boolean isOver(String id) {
		return this.registries.get()
			.stream()
			.map((registry) -> registry.getSessionInformation(id))
			.anyMatch((known) -> known != null && known.isExpired());
	}

}
