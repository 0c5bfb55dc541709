namespace CacheBackup.Local.StateMachines;

/// <summary>
/// Which of the strands of an execution an event belongs to: the execution's own (<see cref="Root"/>), or one iteration of a Map, or
/// one branch of a Parallel. Within a strand, one event follows the other; that is what makes a cut-off run resumable.
/// </summary>
/// <param name="EnteredId">The id of the event by which the Map or Parallel state was entered.</param>
/// <param name="Attempt">Which attempt of that state, from 0.</param>
/// <param name="Index">Which item or branch, from 0.</param>
public readonly record struct HistoryFrame(long EnteredId, int Attempt, int Index)
{
    /// <summary>The execution's own strand.</summary>
    public static HistoryFrame Root => default;
}
