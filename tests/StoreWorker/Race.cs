using System.Globalization;
using System.Text;
using CacheBackup.Core.Storage;

namespace CacheBackup.StoreWorker;

/// <summary>Conditional writes that only one of the racing processes can win.</summary>
internal static class Race
{
    private static readonly ObjectKey Counter = new("counter");

    /// <summary>Tries to create the object of every round; prints the rounds that it won.</summary>
    public static async Task CreateAsync(DirectoryObjectStore store, string worker, int rounds)
    {
        for (int round = 1; round <= rounds; round++)
        {
            if (await HasWonAsync(store, new ObjectKey($"rounds/{round}"), worker, WriteCondition.Absent))
            {
                Console.Out.WriteLine(round);
            }
        }
    }

    /// <summary>Counts one object up until it has reached the number of rounds; prints the numbers that it wrote.</summary>
    public static async Task ChangeAsync(DirectoryObjectStore store, string worker, int rounds)
    {
        while (true)
        {
            await using ObjectContent read = await store.GetAsync(Counter, null, default);
            using var reader = new StreamReader(read.Stream);
            int number = int.Parse((await reader.ReadToEndAsync()).Split(' ')[0], CultureInfo.InvariantCulture);
            if (number >= rounds)
            {
                return;
            }

            if (await HasWonAsync(store, Counter, $"{number + 1} {worker}", WriteCondition.Matches(read.Tag)))
            {
                Console.Out.WriteLine(number + 1);
            }
        }
    }

    private static async Task<bool> HasWonAsync(DirectoryObjectStore store, ObjectKey key, string content, WriteCondition condition)
    {
        try
        {
            await store.PutAsync(key, Encoding.ASCII.GetBytes(content), condition, default);
            return true;
        }
        catch (PreconditionFailedException)
        {
            return false;
        }
    }
}
