package dev.realtime.presence;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class MemoryPresenceTests extends PresenceContract {

	private final MemoryPresence presence = new MemoryPresence(SHORT);

	@BeforeEach
	void start() {
		this.presence.start(this.events);
	}

	@AfterEach
	void close() {
		this.presence.close();
	}

	@Override
	protected Presence first() {
		return this.presence;
	}

	@Override
	protected Presence second() {
		return this.presence;
	}

}
