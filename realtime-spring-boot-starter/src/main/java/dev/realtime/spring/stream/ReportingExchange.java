package dev.realtime.spring.stream;

import java.security.Principal;
import java.time.Duration;
import java.util.concurrent.Executor;

import dev.realtime.connection.Transport;
import dev.realtime.loop.Loop;
import dev.realtime.spring.audit.Client;
import dev.realtime.spring.audit.Door;
import dev.realtime.spring.audit.SecurityEvents;
import org.jspecify.annotations.Nullable;

/** An exchange that reports the answers that refuse something. */
final class ReportingExchange implements Exchange {

	private final Exchange exchange;

	private final StreamCall call;

	private final SecurityEvents events;

	ReportingExchange(Exchange exchange, StreamCall call, SecurityEvents events) {
		this.exchange = exchange;
		this.call = call;
		this.events = events;
	}

	@Override
	public void begin(StreamAnswer head) {
		this.exchange.begin(head);
	}

	@Override
	public void write(byte[] bytes, Transport.Completion done) {
		this.exchange.write(bytes, done);
	}

	@Override
	public void end() {
		this.exchange.end();
	}

	@Override
	public void answer(StreamAnswer answer) {
		String word = answer.refusal();
		if (word != null) {
			Principal user = this.call.user();
			this.events.refused(Door.HTTP, word,
					new Client((user != null) ? user.getName() : null, null, Client.address(this.call.remote()), null));
		}
		this.exchange.answer(answer);
	}

	@Override
	public Loop.Delayed later(Duration delay, Runnable task) {
		return this.exchange.later(delay, task);
	}

	@Override
	public @Nullable Executor eventLoop() {
		return this.exchange.eventLoop();
	}

}
