package dev.realtime.spring.offline;

/**
 * Gets messages that were sent to a user who is connected to no node of the fleet, for
 * example to pass them on to a push service. A bean of this type is all that it takes;
 * there may be several, which are called one after the other.
 * <p>
 * Messages to users are those of {@code SimpMessagingTemplate.convertAndSendToUser} and
 * {@code @SendToUser}, apart from those for one session.
 * <ul>
 * <li><b>When.</b> After the message is stored, and after the commit of the transaction
 * that it is a part of, the publishing node asks all nodes for the user twice, a second
 * apart. Handlers are called if no node knew of a connection either time, so a reload of
 * a page is no reason. That takes 1 to 4 seconds, or longer where the relay of PostgreSQL
 * reads its table less often. A user who is connected and has not subscribed to the
 * destination counts as connected.</li>
 * <li><b>How often.</b> At most once for each publication, on the node that published. A
 * message that was not stored, or had been published before with the same id, causes no
 * call. There is none either if the queue is full, if 64 MB wait, if the other nodes
 * cannot be asked for a minute, or if the node ends meanwhile;
 * {@code realtime.offline.messages} counts these messages, apart from those of a node
 * that ends.</li>
 * <li><b>Exactness.</b> A user may be called offline who is not: if a node answers
 * neither question within a second, or if they connect just afterwards. One who leaves
 * right after the message may have received it. A user may be called connected whose
 * device has lost its network, until their connection has timed out.</li>
 * <li><b>Thread.</b> Threads named {@code realtime-offline-handler-N}, of which there are
 * {@code realtime.offline.threads}. A handler may block, which delays other handlers. If
 * all threads are busy and no call ends for 30 seconds, health is down because of a
 * stalled loop: calls to other services need timeouts below that. Calls are made side by
 * side and in no order.</li>
 * <li><b>Errors.</b> Whatever a handler throws is counted and logged, at most once a
 * minute. It is not called again with the message, and the others are called all the
 * same.</li>
 * </ul>
 */
@FunctionalInterface
public interface OfflineHandler {

	/**
	 * A message was sent to a user who is not connected.
	 * @throws Exception as it likes; the message stays stored
	 */
	void offline(OfflineMessage message) throws Exception;

}
