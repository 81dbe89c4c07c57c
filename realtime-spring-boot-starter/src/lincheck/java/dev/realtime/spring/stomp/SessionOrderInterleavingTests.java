package dev.realtime.spring.stomp;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import dev.realtime.testing.GivenTasks;
import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Test;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHandler;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.messaging.support.MessageHandlingRunnable;

/**
 * The frames of one session, in many interleavings of the threads that bring them and
 * those that handle them.
 */
class SessionOrderInterleavingTests {

	private static final int INTERLEAVINGS = Integer.getInteger("interleavings", 1_000);

	private static final Loop RETRIES = new Loops().adopt("retries", new GivenTasks());

	private static final Message<?> MESSAGE = message();

	@Test
	void eachFrameIsHandledOnceInOrderOneAtATime() {
		Lincheck.runConcurrentTest(INTERLEAVINGS, () -> {
			GivenTasks pool = new GivenTasks();
			SessionOrderedExecutor executor = new SessionOrderedExecutor(pool, 10, null, RETRIES);
			Queue<String> handled = new ConcurrentLinkedQueue<>();
			executor.execute(new Frame("a", handled));
			Thread client = new Thread(() -> {
				executor.execute(new Frame("b", handled));
				executor.execute(new Frame("c", handled));
			});
			Thread handler = new Thread(pool::run);
			client.start();
			handler.start();
			pool.run();
			join(client);
			join(handler);
			pool.run();
			if (!List.copyOf(handled).equals(List.of("+a", "-a", "+b", "-b", "+c", "-c"))) {
				throw new AssertionError(handled);
			}
		});
	}

	private static void join(Thread thread) {
		try {
			thread.join();
		}
		catch (InterruptedException ex) {
			throw new AssertionError(ex);
		}
	}

	private static Message<?> message() {
		SimpMessageHeaderAccessor headers = SimpMessageHeaderAccessor.create(SimpMessageType.MESSAGE);
		headers.setSessionId("s");
		return MessageBuilder.createMessage("", headers.getMessageHeaders());
	}

	private record Frame(String name, Queue<String> handled) implements MessageHandlingRunnable {

		@Override
		public Message<?> getMessage() {
			return MESSAGE;
		}

		@Override
		public MessageHandler getMessageHandler() {
			return (message) -> {
			};
		}

		@Override
		public void run() {
			this.handled.add('+' + this.name);
			this.handled.add('-' + this.name);
		}

	}

}
