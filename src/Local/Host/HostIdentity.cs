using System.Security.Cryptography;
using CacheBackup.Core.Model;
using CacheBackup.Local.Files;
using CacheBackup.Local.StateMachines;

namespace CacheBackup.Local.Host;

/// <summary>
/// Which data directory an execution belongs to. Hosts may share one object store; each knows its own executions by this, and leaves the
/// others' alone.
/// </summary>
public sealed record HostIdentity
{
    private const int Digits = 12;

    private HostIdentity(string number) => Number = number;

    /// <summary>Twelve random digits, kept in the data directory.</summary>
    public string Number { get; }

    private string Prefix => $"local:{Number}:";

    /// <exception cref="InvalidRequestException">The file holds something else.</exception>
    public static async Task<HostIdentity> ReadOrCreateAsync(string filePath, CancellationToken cancellationToken)
    {
        if (!File.Exists(filePath))
        {
            await PrivateFile.WriteAsync(filePath, RandomNumberGenerator.GetString("0123456789", Digits), cancellationToken);
        }

        string number = (await File.ReadAllTextAsync(filePath, cancellationToken)).Trim();
        return number.Length == Digits && number.All(char.IsAsciiDigit)
            ? new HostIdentity(number)
            : throw new InvalidRequestException($"{filePath} does not hold a host's number. Put it back from a copy of the data directory.");
    }

    public ExecutionId IdOf(ExecutionKey key) => new($"{Prefix}{key.StateMachine}:{key.Name}");

    /// <summary>False: the id is another host's, or no id.</summary>
    public bool TryParse(ExecutionId id, out ExecutionKey key)
    {
        key = default;
        string[] parts = id.Value.StartsWith(Prefix, StringComparison.Ordinal) ? id.Value[Prefix.Length..].Split(':') : [];
        if (parts.Length != 2 || !ExecutionKey.IsValid(parts[0]) || !ExecutionKey.IsValid(parts[1]))
        {
            return false;
        }

        key = new ExecutionKey(parts[0], parts[1]);
        return true;
    }
}
