package dev.realtime.relay.rabbit;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import dev.realtime.loop.Loop;

/**
 * A second queue of a session, where RabbitMQ puts what the full first one drops (a dead
 * letter). It keeps one message, and hands out the next one when a second has passed, so
 * a node that is too slow hears at once that it misses something, and is not given more
 * to do.
 */
final class DroppedNotices {

	static final Duration PAUSE = Duration.ofSeconds(1);

	private DroppedNotices() {
	}

	/**
	 * Declares the queue and consumes it.
	 * @param loop waits for the pause
	 * @param dropped is told; on the client's thread
	 * @return the queue's name
	 */
	static String consume(Connection connection, Loop loop, Runnable dropped) throws IOException {
		Channel channel = connection.createChannel();
		String queue = channel.queueDeclare("", false, true, true, Map.of("x-max-length", 1, "x-overflow", "drop-head"))
			.getQueue();
		channel.basicQos(1);
		channel.basicConsume(queue, false, new DefaultConsumer(channel) {
			@Override
			public void handleDelivery(String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
				dropped.run();
				loop.after(PAUSE, () -> settle(channel, envelope.getDeliveryTag()));
			}
		});
		return queue;
	}

	private static void settle(Channel channel, long delivery) {
		try {
			channel.basicAck(delivery, false);
		}
		catch (IOException | ShutdownSignalException ex) {
			// The session has ended, and another one compares with the log.
		}
	}

}
