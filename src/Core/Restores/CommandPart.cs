namespace CacheBackup.Core.Restores;

/// <summary>Commands as they go over the wire, one behind the other.</summary>
/// <param name="Bytes">Valid during the call that takes them.</param>
/// <param name="Ended">How many commands end within: as many replies will come.</param>
/// <param name="IsCut">The last command is unfinished: the next part goes on with it, and nothing may be sent in between.</param>
public readonly record struct CommandPart(ReadOnlyMemory<byte> Bytes, int Ended, bool IsCut);
