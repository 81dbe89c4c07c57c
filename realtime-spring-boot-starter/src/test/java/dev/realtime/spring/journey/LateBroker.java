package dev.realtime.spring.journey;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import dev.realtime.Position;
import dev.realtime.Signal;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPolicies;
import dev.realtime.broker.Broker;
import dev.realtime.broker.DelegatingBroker;
import dev.realtime.hub.HubOptions;
import dev.realtime.log.LogPage;
import dev.realtime.log.TopicLog;
import dev.realtime.loop.Loops;
import dev.realtime.node.RealtimeNode;
import dev.realtime.presence.Presence;
import dev.realtime.relay.Relay;
import dev.realtime.spring.Destinations;
import dev.realtime.spring.NodeId;
import org.jspecify.annotations.Nullable;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A node's broker whose announcements and reads of the log come late on request. */
final class LateBroker extends DelegatingBroker {

	private final Broker broker;

	private volatile Duration relay = Duration.ZERO;

	private volatile Duration reads = Duration.ZERO;

	LateBroker(Broker broker) {
		this.broker = broker;
	}

	/** Messages arrive so much later; signals do not. */
	void delayRelay(Duration delay) {
		this.relay = delay;
	}

	/** Pages of the log arrive so much later. */
	void delayReads(Duration delay) {
		this.reads = delay;
	}

	@Override
	protected Broker delegate() {
		return this.broker;
	}

	@Override
	public void start(Relay.Listener listener) {
		this.broker.start(new Relay.Listener() {

			@Override
			public void onMessage(TopicMessage message) {
				later(LateBroker.this.relay).execute(() -> listener.onMessage(message));
			}

			@Override
			public void onSignal(Signal signal) {
				listener.onSignal(signal);
			}

			@Override
			public void onReconnected() {
				listener.onReconnected();
			}

		});
	}

	@Override
	public TopicLog log() {
		TopicLog log = this.broker.log();
		return new TopicLog() {

			@Override
			public CompletionStage<List<Position>> heads(List<Topic> topics) {
				return log.heads(topics);
			}

			@Override
			public CompletionStage<List<Position>> peek(List<Topic> topics) {
				return log.peek(topics);
			}

			@Override
			public CompletionStage<LogPage> read(Topic topic, Position after, int limit) {
				return log.read(topic, after, limit)
					.thenComposeAsync(CompletableFuture::completedFuture, later(LateBroker.this.reads));
			}

			@Override
			public CompletionStage<LogPage> readBefore(Topic topic, @Nullable Position before, int limit) {
				return log.readBefore(topic, before, limit);
			}

		};
	}

	private static Executor later(Duration delay) {
		return delay.isZero() ? Runnable::run
				: CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS);
	}

	/** Puts one between a node and its broker. */
	@Configuration(proxyBeanMethods = false)
	static class Config {

		@Bean(initMethod = "start", destroyMethod = "close")
		RealtimeNode realtimeNode(NodeId id, Broker broker, Presence presence, TopicPolicies policies,
				Destinations destinations, Loops loops) {
			// The log is not compared by itself, which might be quicker than a late
			// relay.
			HubOptions options = HubOptions.builder().checkInterval(Duration.ofHours(1)).build();
			return RealtimeNode.builder(id.value(), new LateBroker(broker), presence)
				.options(options)
				.policies(policies)
				.destinations(destinations::of)
				.loops(loops)
				.build();
		}

	}

}
