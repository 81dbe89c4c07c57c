package dev.realtime.node;

import dev.realtime.broker.MemoryBroker;
import dev.realtime.connection.RecordingTransport;
import dev.realtime.loop.Loops;
import dev.realtime.presence.MemoryPresence;
import dev.realtime.presence.PresenceOptions;
import dev.realtime.testing.VirtualEnvironment;
import org.junit.jupiter.api.AfterEach;

/** A node with a memory broker, whose time moves only when told. */
abstract class VirtualNodeFixture {

	final VirtualEnvironment environment = new VirtualEnvironment(1);

	private final Loops loops = new Loops(this.environment, Loops.STALLED_AFTER);

	final RealtimeNode node = RealtimeNode
		.builder("test", new MemoryBroker(this.environment), new MemoryPresence(PresenceOptions.DEFAULT, this.loops))
		.loops(this.loops)
		.build();

	@AfterEach
	void close() {
		this.node.close();
	}

	/** Connects a client that reads. */
	final RecordingTransport connect(String id) {
		RecordingTransport transport = new RecordingTransport();
		this.node.hub().connect(id, transport);
		return transport;
	}

}
