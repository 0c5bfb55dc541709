namespace CacheBackup.Fuzz.Search;

/// <summary>The inputs that a search begins with: one text file for each target, an input a line, in hexadecimal digits.</summary>
internal sealed class Corpus(string folder)
{
    /// <summary>Where a build puts the checked-in corpus.</summary>
    public static Corpus Beside(string baseDirectory) => new(Path.Combine(baseDirectory, "corpus"));

    public List<byte[]> Read(string target) =>
        File.Exists(PathOf(target)) ? [.. File.ReadLines(PathOf(target)).Where(line => line.Length > 0).Select(Convert.FromHexString)] : [];

    public void Write(string target, IEnumerable<byte[]> inputs)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllLines(PathOf(target), inputs.OrderBy(input => input.Length).Select(Convert.ToHexStringLower));
    }

    private string PathOf(string target) => Path.Combine(folder, target + ".txt");
}
