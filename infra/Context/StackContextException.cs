namespace CacheBackup.Infra.Context;

/// <summary>The stack cannot be made of what its deployer set: the message says which value, what is wrong with it, and what to write.</summary>
public sealed class StackContextException(string message) : Exception(message);
