/* stem_korean — 친절하셨습니다, 친절해요, 친절한 and 친절이 to 친절.
 *
 * A word of Hangul is a noun with particles or a verb (adjectives are verbs) with endings, and the script writes both together. Endings that
 * no noun ends in (-습니다, -었는데) are taken off whatever stands before. Those that nouns end in too (-고, -지, -게, -ㄴ, -을) are only
 * taken off a verb that we know: 좋고 is 좋, but 최고 stays. What is no verb loses its particles, each only where it fits the sound before
 * it: 을 after a consonant, 를 after a vowel.
 *
 * A verb's stem is given as a dictionary has it. The joint of stem and ending says how to get there:
 *
 *   STEM        the stem as it is, 좋-고; ㄹ may be dropped before ㄴ ㅂ ㅅ (힘드-네요: 힘들); 우 may stand for ㅂ (더러우-면: 더럽)
 *   EU          a stem that ends in a consonant, 좋-은; ㄷ may have become ㄹ (들-은: 듣), ㅅ dropped (나-은: 낫)
 *   INFINITIVE  the stem with 아 or 어, often drawn together: 느려-요: 느리, 봐-서: 보, 빨라-도: 빠르, 나빠: 나쁘, 더러워: 더럽
 *
 * Past (ㅆ), 겠 and 시 stand between stem and ending, and are taken off one after the other. */
#include "text/stem_rules.h"

enum { SYLLABLE_FIRST = 0xac00, SYLLABLE_LAST = 0xd7a3, FINALS = 28, VOWELS = 21 };
enum { NIEUN = 4, DIGEUT = 7, RIEUL = 8, MIEUM = 16, BIEUP = 17, SIOS = 19, SSANGSIOS = 20 };                 /* finals */
enum { A = 0, AE = 1, EO = 4, E = 5, YEO = 6, O = 8, WA = 9, WAE = 10, OE = 11, U = 13, WO = 14, EUV = 18, I = 20, NO_VOWEL }; /* vowels */
enum { ENDINGS_MAX = 24 };
enum { SILENT = 11 /* ㅇ, the initial of a syllable that begins with its vowel */ };

typedef enum { STEM, EU, INFINITIVE } Joint;

typedef struct {
    const uint32_t *tail; /* whole syllables */
    uint8_t batchim;      /* the final of the syllable before them, a part of the ending; 0: none */
    uint8_t joint;
    bool strong;          /* no noun ends so: taken off verbs that we do not know, too */
} Ending;

static const Ending endings[] = {
    {U"습니다", 0, STEM, true}, {U"습니다만", 0, STEM, true}, {U"습니까", 0, STEM, true}, {U"슴니다", 0, STEM, true}, {U"읍니다", 0, STEM, true},
    {U"니다", BIEUP, STEM, true}, {U"니다만", BIEUP, STEM, true}, {U"니까", BIEUP, STEM, true}, {U"시다", BIEUP, STEM, true},
    {U"지만", 0, STEM, true}, {U"지만요", 0, STEM, true}, {U"지요", 0, STEM, true}, {U"죠", 0, STEM, true}, {U"지도", 0, STEM, false},
    {U"지는", 0, STEM, false}, {U"지가", 0, STEM, false}, {U"지를", 0, STEM, false}, {U"진", 0, STEM, false}, {U"질", 0, STEM, false},
    {U"지", 0, STEM, false}, {U"거든요", 0, STEM, true}, {U"거든", 0, STEM, true}, {U"더라", 0, STEM, true}, {U"더라도", 0, STEM, true},
    {U"더라구요", 0, STEM, true}, {U"더라고요", 0, STEM, true}, {U"더라고", 0, STEM, true}, {U"더군요", 0, STEM, true},
    {U"던데", 0, STEM, true}, {U"던데요", 0, STEM, true}, {U"더니", 0, STEM, true}, {U"던", 0, STEM, false}, {U"던가", 0, STEM, true},
    {U"네요", 0, STEM, true}, {U"네여", 0, STEM, true}, {U"네용", 0, STEM, true}, {U"네", 0, STEM, false}, {U"잖아요", 0, STEM, true}, {U"잖아", 0, STEM, true},
    {U"구요", 0, STEM, true}, {U"고요", 0, STEM, true}, {U"구여", 0, STEM, true}, {U"고", 0, STEM, false}, {U"고는", 0, STEM, false}, {U"고도", 0, STEM, false},
    {U"고서", 0, STEM, false}, {U"고자", 0, STEM, true}, {U"군요", 0, STEM, true}, {U"군", 0, STEM, false}, {U"구나", 0, STEM, true}, {U"는구나", 0, STEM, true},
    {U"는데", 0, STEM, true}, {U"는데요", 0, STEM, true}, {U"는데도", 0, STEM, true}, {U"는지", 0, STEM, true}, {U"는지도", 0, STEM, true}, {U"는가", 0, STEM, true},
    {U"는다", 0, STEM, true}, {U"는다는", 0, STEM, true}, {U"는다고", 0, STEM, true}, {U"는다면", 0, STEM, true}, {U"는", 0, STEM, false},
    {U"는게", 0, STEM, true}, {U"는걸", 0, STEM, true}, {U"는거", 0, STEM, true}, {U"는군요", 0, STEM, true}, {U"는것", 0, STEM, true}, {U"는줄", 0, STEM, true},
    {U"다고", 0, STEM, true}, {U"다는", 0, STEM, true}, {U"다면", 0, STEM, true}, {U"다니", 0, STEM, true}, {U"다가", 0, STEM, true},
    {U"다며", 0, STEM, true}, {U"다네요", 0, STEM, true}, {U"다", 0, STEM, true}, {U"단", 0, STEM, false}, {U"답니다", 0, STEM, true},
    {U"다", NIEUN, STEM, true}, {U"다고", NIEUN, STEM, true}, {U"다는", NIEUN, STEM, true}, {U"다면", NIEUN, STEM, true},
    {U"데", NIEUN, STEM, true}, {U"데요", NIEUN, STEM, true}, {U"데도", NIEUN, STEM, true}, {U"지", NIEUN, STEM, false}, {U"가", NIEUN, STEM, false},
    {U"가요", NIEUN, STEM, true}, {U"거", NIEUN, STEM, false}, {U"게", NIEUN, STEM, false}, {U"것", NIEUN, STEM, false}, {U"", NIEUN, STEM, false},
    {U"까요", RIEUL, STEM, true}, {U"까", RIEUL, STEM, false}, {U"게요", RIEUL, STEM, true}, {U"께요", RIEUL, STEM, true}, {U"게", RIEUL, STEM, false},
    {U"께", RIEUL, STEM, false}, {U"지", RIEUL, STEM, false}, {U"래요", RIEUL, STEM, true}, {U"수록", RIEUL, STEM, true}, {U"때", RIEUL, STEM, true},
    {U"듯", RIEUL, STEM, true},
    {U"려고", RIEUL, STEM, true}, {U"거", RIEUL, STEM, false}, {U"것", RIEUL, STEM, false}, {U"만큼", RIEUL, STEM, true}, {U"뿐더러", RIEUL, STEM, true},
    {U"정도", RIEUL, STEM, true}, {U"텐데", RIEUL, STEM, true}, {U"수", RIEUL, STEM, false}, {U"", RIEUL, STEM, false},
    {U"", MIEUM, STEM, false}, {U"이", MIEUM, STEM, false}, {U"을", MIEUM, STEM, false}, {U"은", MIEUM, STEM, false}, {U"도", MIEUM, STEM, false},
    {U"과", MIEUM, STEM, false}, {U"에", MIEUM, STEM, false}, {U"으로", MIEUM, STEM, false},
    {U"게", 0, STEM, false}, {U"게도", 0, STEM, false}, {U"게요", 0, STEM, true}, {U"겠", 0, STEM, true}, {U"도록", 0, STEM, true},
    {U"듯이", 0, STEM, true}, {U"듯", 0, STEM, false}, {U"길", 0, STEM, false}, {U"길래", 0, STEM, true}, {U"기", 0, STEM, false}, {U"기가", 0, STEM, false},
    {U"기에", 0, STEM, false}, {U"기에는", 0, STEM, false}, {U"기엔", 0, STEM, false}, {U"기도", 0, STEM, false}, {U"기는", 0, STEM, false},
    {U"기를", 0, STEM, false},
    {U"기만", 0, STEM, false}, {U"기까지", 0, STEM, false}, {U"기로", 0, STEM, false}, {U"기보다", 0, STEM, false}, {U"기보다는", 0, STEM, false},
    {U"기때문에", 0, STEM, true},
    {U"거나", 0, STEM, false}, {U"든지", 0, STEM, false}, {U"든", 0, STEM, false}, {U"자마자", 0, STEM, true}, {U"자", 0, STEM, false},
    {U"나요", 0, STEM, true}, {U"나", 0, STEM, false}, {U"냐", 0, STEM, false}, {U"냐고", 0, STEM, false}, {U"니", 0, STEM, false},
    {U"니까", 0, STEM, true}, {U"느라", 0, STEM, true}, {U"느니", 0, STEM, true}, {U"세요", 0, STEM, true}, {U"세여", 0, STEM, true},
    {U"셈", 0, STEM, false}, {U"시길", 0, STEM, true}, {U"소", 0, STEM, false},
    {U"면", 0, STEM, false}, {U"면서", 0, STEM, true}, {U"면서도", 0, STEM, true}, {U"며", 0, STEM, false}, {U"려고", 0, STEM, true},
    {U"려면", 0, STEM, true}, {U"러", 0, STEM, false}, {U"므로", 0, STEM, true},
    {U"은", 0, EU, false}, {U"을", 0, EU, false}, {U"음", 0, EU, false}, {U"음이", 0, EU, false}, {U"음을", 0, EU, false}, {U"음은", 0, EU, false},
    {U"으면", 0, EU, true}, {U"으면서", 0, EU, true}, {U"으면서도", 0, EU, true}, {U"으며", 0, EU, true}, {U"으니", 0, EU, true}, {U"으니까", 0, EU, true},
    {U"으나", 0, EU, true}, {U"으려고", 0, EU, true}, {U"으려면", 0, EU, true}, {U"으러", 0, EU, true}, {U"으므로", 0, EU, true}, {U"으세요", 0, EU, true},
    {U"은데", 0, EU, true}, {U"은데요", 0, EU, true}, {U"은데도", 0, EU, true}, {U"은지", 0, EU, true}, {U"은가", 0, EU, true}, {U"은가요", 0, EU, true},
    {U"은거", 0, EU, true},
    {U"은게", 0, EU, true}, {U"을까", 0, EU, true}, {U"을까요", 0, EU, true}, {U"을게요", 0, EU, true}, {U"을께요", 0, EU, true}, {U"을지", 0, EU, true},
    {U"을때", 0, EU, true}, {U"을듯", 0, EU, true}, {U"을수록", 0, EU, true}, {U"을만큼", 0, EU, true}, {U"을만한", 0, EU, true}, {U"을텐데", 0, EU, true},
    {U"을정도로", 0, EU, true},
    {U"요", 0, INFINITIVE, false}, {U"여", 0, INFINITIVE, false}, {U"용", 0, INFINITIVE, false}, {U"서", 0, INFINITIVE, false},
    {U"서요", 0, INFINITIVE, false},
    {U"서는", 0, INFINITIVE, false}, {U"서도", 0, INFINITIVE, false}, {U"도", 0, INFINITIVE, false}, {U"야", 0, INFINITIVE, false},
    {U"야지", 0, INFINITIVE, false},
    {U"야죠", 0, INFINITIVE, false}, {U"야만", 0, INFINITIVE, false}, {U"라", 0, INFINITIVE, false}, {U"라도", 0, INFINITIVE, false},
    {U"", 0, INFINITIVE, false},
};

/* Stems of verbs, by their length in syllables; those in -하, -되 and the like need not be here unless they are two syllables long. */
static const uint32_t verbs1[] =
    U"하가오보주사싸타자크쓰끄뜨되나내깨새쉬뛰짜켜펴빼찌있없좋싫많않같맞먹받찾읽앉높낮깊넓좁얇굵짧길멀늦맵덥춥쉽돕눕굽듣묻걷싣믿얻닫뜯잡입씹"
    U"뽑접업꼽웃씻벗낫짓붓밝늙맑닦볶섞묶꺾깎남참담숨넘심굶젊닮옮삶알살팔놀울열들불돌풀털떨썰끌갈빌얼날벌식작죽썩찍막속익찢잊맺젖쫓갖놓넣쌓"
    U"낳닿앓끓뚫잃옳닳싶낡긁핥뱉덮갚짙붙뵙";
static const uint32_t verbs2[] =
    U"느리빠르비싸더럽어렵무겁가볍무섭귀엽고맙아깝아쉽즐겁뜨겁차갑부럽그립두껍두렵외롭새롭괴롭어둡지겹싱겁가깝반갑힘들만들흔들거칠다르모르고르오르"
    U"자르마르바르부르흐르누르지르들르따르치르나쁘예쁘기쁘바쁘아프고프슬프모으담그잠그나오나가다니만나끝나지나화나혼나빛나신나마시모시걸리틀리흘리"
    U"내리올리돌리열리들리달리팔리풀리밀리질리때리버리떨리살리누리느끼남기웃기즐기맡기옮기생기숨기끊기튕기챙기넘기벗기지키시키삼키바뀌보이쓰이줄이높이"
    U"붙이먹이죽이끓이녹이속이보내지내꺼내끝내나누배우싸우키우태우채우외우치우피우세우지우비우바꾸꾸미멈추갖추맞추낮추감추늦추빠지꺼지켜지깨지멋지터지"
    U"가지던지만지따지미치다치지치고치넘치끼치망치외치훔치뒤집붙잡괜찮귀찮점잖맛있맛없멋있멋없졸리놀라바라자라편하강하약하심하착하못하잘하안하원하말하"
    U"일하변하전하급하당하친하독하험하과하더하대하위하정하구하피하통하향하속하취하흔하연하진하묘하귀하안되잘되못되아니낯설서툴드리떠나버티견디해주해보"
    U"잡히막히밟히닫히뽑히먹히읽히묻히식히익히갇히꼬이쌓이섞이묶이깎이닦이바르구리쫄깃쩌들깨닫가리시리느글후지쪼들빨리알리울리잘리갈리털리물리불리"
    U"헤매걷히찌들싫증미루거르저리아리쓰리엎지얼리끌리뜨이트이줄어늘어남아웃돌";
static const uint32_t verbs3[] =
    U"기다리시끄럽부드럽미끄럽안타깝아름답떨어지망가지부서지사라지서두르게으르알아듣움직이재미있재미없어이없쓸데없고장나짜증나냄새나나타나일어나늘어나"
    U"모자라지나치뛰어나어울리줄어들물어보알아보찾아보바라보지켜보살펴보보여주알려주도와주가르치두드리건드리터뜨리쓰러지돌려주나눠주챙겨주알아주말해주"
    U"내려가올라가올라오내려오다녀오다녀가돌아가돌아오들어가들어오가져오가져가어지럽간지럽번거롭까다롭자유롭해로우상관없필요없문제없부족하생각나기억나"
    U"어리석자랑하재미나잃어버찝찝하빠져나벗어나늘어지흘러가따라가지나가와닿으둘러보맞이하뒤떨어불러오";

/* What people write for a stem, and the stem: at the end of what is left of a verb. */
static const uint32_t *const aliases[][2] = {
    {U"재밌", U"재미있"}, {U"재밋", U"재미있"}, {U"잼있", U"재미있"}, {U"잼잇", U"재미있"}, {U"재미잇", U"재미있"}, {U"맛잇", U"맛있"}, {U"잼나", U"재미나"},
    {U"잼없", U"재미없"}, {U"괜찬", U"괜찮"}, {U"갠찮", U"괜찮"}, {U"이쁘", U"예쁘"}, {U"이뻐", U"예뻐"}, {U"귀찬", U"귀찮"}, {U"조으", U"좋"},
};

/* Words that only look as if they had an ending; their particles are looked for first. */
static const uint32_t *const nouns[] = {
    U"하지만", U"그리고", U"그래도", U"그래서", U"그렇지만", U"아니", U"하나", U"하나님", U"가게", U"사고", U"사기", U"자기", U"사실", U"자신", U"자연", U"나라", U"바람", U"사진", U"사용",
    U"내용", U"남자", U"감", U"남", U"잠", U"놈", U"암", U"먼지", U"먼가", U"무엇", U"여신", U"가지", U"제대로", U"그대로", U"같이", U"종이", U"놀이", U"굳이", U"어린이", U"고양이",
    U"손잡이", U"떡볶이", U"실제로", U"의외로", U"스스로", U"함부로", U"대체로", U"빨리", U"이거", U"나이", U"다음", U"마음", U"처음", U"보자기", U"사이", U"자리", U"크림", U"소리", U"오이",
    U"사용자", U"배우자",
};

/* Short forms of verbs, which the endings alone cannot tell from nouns, and their stems. */
static const uint32_t *const wholes[][2] = {
    {U"그치만", U"그렇지만"}, {U"해", U"하"}, {U"해요", U"하"}, {U"돼", U"되"}, {U"봐", U"보"}, {U"줘", U"주"}, {U"써", U"쓰"}, {U"커", U"크"}, {U"본", U"보"},
    {U"큰", U"크"}, {U"싼", U"싸"}, {U"긴", U"길"}, {U"먼", U"멀"}, {U"든", U"들"}, {U"된", U"되"}, {U"될", U"되"}, {U"됨", U"되"}, {U"할", U"하"}, {U"함", U"하"},
    {U"볼", U"보"}, {U"갈", U"가"}, {U"올", U"오"}, {U"온", U"오"}, {U"간", U"가"}, {U"준", U"주"}, {U"쓸", U"쓰"}, {U"쓴", U"쓰"}, {U"짠", U"짜"}, {U"탄", U"타"},
    {U"가진", U"가지"}, {U"가질", U"가지"}, {U"깨진", U"깨지"}, {U"깨질", U"깨지"}, {U"따라", U"따르"}, {U"마라", U"말"}, {U"나은", U"낫"},
};

typedef enum { ANY, CONSONANT, VOWEL, OPEN /* a vowel or ㄹ */ } After;

typedef struct {
    const uint32_t *tail;
    uint8_t after;
    uint8_t left; /* syllables that must be left */
} Particle;

static const Particle particles[] = {
    {U"에서", ANY, 1}, {U"에서는", ANY, 1}, {U"에서도", ANY, 1}, {U"에서의", ANY, 1}, {U"에선", ANY, 1}, {U"에게", ANY, 1}, {U"에게는", ANY, 1}, {U"에게서", ANY, 1},
    {U"에는", ANY, 1}, {U"에도", ANY, 1}, {U"에만", ANY, 1}, {U"에", ANY, 1}, {U"한테", ANY, 1}, {U"한테는", ANY, 1}, {U"께서", ANY, 1}, {U"께", ANY, 2},
    {U"까지", ANY, 1}, {U"까지는", ANY, 1},
    {U"까지도", ANY, 1}, {U"부터", ANY, 1}, {U"부터는", ANY, 1}, {U"마다", ANY, 1}, {U"처럼", ANY, 1}, {U"보다", ANY, 1}, {U"보다는", ANY, 1}, {U"보다도", ANY, 1},
    {U"밖에", ANY, 1}, {U"조차", ANY, 1}, {U"조차도", ANY, 1}, {U"마저", ANY, 1}, {U"마저도", ANY, 1}, {U"만큼", ANY, 1}, {U"만큼은", ANY, 1}, {U"이", CONSONANT, 1},
    {U"은", CONSONANT, 1}, {U"을", CONSONANT, 1}, {U"과", CONSONANT, 2}, {U"과는", CONSONANT, 2}, {U"으로", CONSONANT, 1}, {U"으로는", CONSONANT, 1},
    {U"으로도", CONSONANT, 1}, {U"으로서", CONSONANT, 1},
    {U"이랑", CONSONANT, 1}, {U"이나", CONSONANT, 1}, {U"이라도", CONSONANT, 1}, {U"이야", CONSONANT, 1}, {U"이란", CONSONANT, 1}, {U"이라", CONSONANT, 1},
    {U"이라서", CONSONANT, 1},
    {U"이라는", CONSONANT, 1}, {U"이라고", CONSONANT, 1}, {U"이에요", CONSONANT, 1}, {U"이예요", CONSONANT, 1}, {U"이여", CONSONANT, 2}, {U"인", CONSONANT, 3},
    {U"임", CONSONANT, 3}, {U"예요", ANY, 1}, {U"에요", ANY, 1},
    {U"이요", CONSONANT, 1}, {U"요", ANY, 2}, {U"를", VOWEL, 1}, {U"는", VOWEL, 1}, {U"가", VOWEL, 2}, {U"와", VOWEL, 2}, {U"와는", VOWEL, 2},
    {U"랑", VOWEL, 2}, {U"라도", VOWEL, 2},
    {U"라는", VOWEL, 2}, {U"라고", VOWEL, 2}, {U"라서", VOWEL, 2}, {U"라면", VOWEL, 3}, {U"로", OPEN, 2}, {U"로는", OPEN, 2}, {U"로도", OPEN, 2},
    {U"로서", OPEN, 2}, {U"도", ANY, 2}, {U"만", ANY, 2},
    {U"만은", ANY, 2}, {U"만의", ANY, 2}, {U"의", ANY, 2}, {U"들", ANY, 2}, {U"님", ANY, 2}, {U"분", CONSONANT, 2}, {U"뿐", ANY, 2}, {U"씩", ANY, 2},
    {U"쯤", ANY, 2},
};

/* Words of one syllable that take 가 and 도 all the same. */
static const uint32_t short_ga[] = U"내제네누배개키비코애얘걔뭐때수차";
static const uint32_t short_do[] = U"나저너맛양값것거그말면때돈집옷색방물밥";

#define COUNT(array) (sizeof(array) / sizeof *(array))

static bool is_syllable(uint32_t point) { return point >= SYLLABLE_FIRST && point <= SYLLABLE_LAST; }
static uint32_t final_of(uint32_t syllable) { return (syllable - SYLLABLE_FIRST) % FINALS; }
static uint32_t vowel_of(uint32_t syllable) { return (syllable - SYLLABLE_FIRST) / FINALS % VOWELS; }
static uint32_t initial_of(uint32_t syllable) { return (syllable - SYLLABLE_FIRST) / (FINALS * VOWELS); }
static uint32_t with_final(uint32_t syllable, uint32_t final) { return syllable - final_of(syllable) + final; }
static uint32_t with_vowel(uint32_t syllable, uint32_t vowel) {
    return SYLLABLE_FIRST + (initial_of(syllable) * VOWELS + vowel) * FINALS + final_of(syllable);
}
static uint32_t last_of(const Spelling *form) { return form->points[form->count - 1]; }
static bool is_one_of(const uint32_t *set, uint32_t point) {
    while (*set && *set != point) set++;
    return *set != 0;
}

static bool table_has(const uint32_t *table, size_t size, const uint32_t *word) {
    for (; *table; table += size) {
        if (memcmp(table, word, size * sizeof *word) == 0) return true;
    }
    return false;
}

static bool is_verb(const uint32_t *word, size_t count) {
    if (count == 1) return table_has(verbs1, 1, word);
    if (count == 2 && table_has(verbs2, 2, word)) return true;
    if (count == 3 && table_has(verbs3, 3, word)) return true;
    uint32_t last = word[count - 1], before = word[count - 2];
    if (count >= 3 && (last == U'하' || last == U'되')) return true;
    if (count >= 3 && ((last == U'키' && before == U'시') || (last == U'럽' && before == U'스') || (last == U'리' && before == U'거'))) return true;
    if (count >= 3 && last == U'지' && (vowel_of(before) == A || vowel_of(before) == EO || vowel_of(before) == YEO) && !final_of(before)) return true;
    if (count >= 3 && ((last == U'주' || last == U'보') && before == U'해')) return true;
    return count >= 3 && (last == U'있' || last == U'없');
}

/* A verb that we know, perhaps with an adverb written onto it: 안좋, 너무좋. */
static bool is_known(const Spelling *form) {
    const uint32_t *word = form->points;
    size_t count = form->count;
    for (size_t i = 0; i < count; i++) {
        if (!is_syllable(word[i])) return false;
    }
    if (count && is_verb(word, count)) return true;
    if (count > 1 && is_one_of(U"안못잘더다꼭", word[0])) return is_verb(word + 1, count - 1);
    return count > 2 && word[0] == U'너' && word[1] == U'무' && is_verb(word + 2, count - 2);
}

static bool replace_tail(Spelling *form, const uint32_t *from, const uint32_t *to) {
    size_t len = points_len(from), new = points_len(to);
    if (!spelling_ends(form, from, len)) return false;
    memcpy(form->points + form->count - len, to, new * sizeof *to);
    form->count += new - len;
    return true;
}

static void alias(Spelling *form) {
    for (size_t i = 0; i < COUNT(aliases); i++) {
        if (replace_tail(form, aliases[i][0], aliases[i][1])) return;
    }
}

/* Puts `last` in place of the last syllable where that makes a verb that we know. */
static bool try_last(Spelling *form, uint32_t last) {
    uint32_t old = last_of(form);
    form->points[form->count - 1] = last;
    if (is_known(form)) return true;
    form->points[form->count - 1] = old;
    return false;
}

/* The same with the last syllable off, and `final` given to the one before it. */
static bool try_shorter(Spelling *form, uint32_t final) {
    if (form->count < 2 || !is_syllable(form->points[form->count - 2]) || (final && final_of(form->points[form->count - 2]))) return false;
    uint32_t old = form->points[form->count - 2];
    form->count--;
    if (final) form->points[form->count - 1] = with_final(old, final);
    if (is_known(form)) return true;
    form->points[form->count - 1] = old;
    form->count++;
    return false;
}

/* ---- joints: what is left before the ending, to the stem; true where it is a verb that we know ---- */

static bool from_stem(Spelling *form, bool drops_rieul) {
    if (is_known(form)) return true;
    uint32_t last = last_of(form);
    if (!final_of(last) && drops_rieul && try_last(form, with_final(last, RIEUL))) return true;
    return last == U'우' && try_shorter(form, BIEUP);
}

static bool from_eu(Spelling *form) {
    uint32_t last = last_of(form);
    if (!final_of(last)) return try_last(form, with_final(last, SIOS));
    if ((last == U'들' || last == U'걸' || last == U'달') && try_last(form, with_final(last, DIGEUT))) return true;
    return is_known(form);
}

/* 아 or 어 as a syllable of its own: 좋아, 들어, 더러워, 도와, 나아. */
static bool from_full_infinitive(Spelling *form) {
    uint32_t last = last_of(form), before = form->count > 1 ? form->points[form->count - 2] : 0;
    if (last == U'워' || last == U'와') {
        if ((last == U'워' || before == U'도' || before == U'고') && try_shorter(form, BIEUP)) return true;
        return try_last(form, last == U'워' ? U'우' : U'오');
    }
    if ((last != U'아' && last != U'어' && last != U'여') || !is_syllable(before)) return false;
    if (!final_of(before) && try_shorter(form, SIOS)) return true;
    if (try_shorter(form, 0)) return true;
    if (final_of(before) != RIEUL) return false;
    form->points[form->count - 2] = with_final(before, DIGEUT);
    if (try_shorter(form, 0)) return true;
    form->points[form->count - 2] = before;
    return false;
}

/* 라 or 러 after ㄹ: 빨라, 불러. */
static bool from_reu(Spelling *form) {
    uint32_t last = last_of(form);
    if ((last != U'라' && last != U'러') || form->count < 2) return false;
    uint32_t before = form->points[form->count - 2];
    if (!is_syllable(before) || final_of(before) != RIEUL) return false;
    form->points[form->count - 2] = with_final(before, 0);
    if (try_last(form, U'르')) return true;
    form->points[form->count - 2] = before;
    return false;
}

/* The vowel of a stem whose own was drawn together with 아 or 어; NO_VOWEL: none was. */
static uint32_t vowel_apart(uint32_t vowel) {
    switch (vowel) {
    case YEO: return I;
    case WO: return U;
    case WA: return O;
    case WAE: return OE;
    case A:
    case EO: return EUV;
    case AE: return A;
    default: return NO_VOWEL;
    }
}

static bool from_infinitive(Spelling *form) {
    uint32_t last = last_of(form);
    if (final_of(last)) return false;
    if (from_full_infinitive(form) || from_reu(form)) return true;
    uint32_t own = vowel_of(last), vowel = vowel_apart(own);
    if ((own == A || own == AE || own == EO || own == E || own == YEO) && is_known(form)) return true;
    return vowel != NO_VOWEL && (own != AE || last == U'해') && try_last(form, with_vowel(last, vowel));
}

/* The likeliest stem of an infinitive that we do not know. */
static void infinitive_guess(Spelling *form) {
    uint32_t last = last_of(form), before = form->count > 1 ? form->points[form->count - 2] : 0;
    bool own = initial_of(last) == SILENT;
    if (last == U'여' && form->count > 1) form->count--; /* 이다 after a vowel */
    else if (own && (vowel_of(last) == A || vowel_of(last) == EO) && form->count > 1) form->count--;
    else if (last == U'워' && form->count > 2 && is_syllable(before) && !final_of(before)) {
        form->count--;
        form->points[form->count - 1] = with_final(before, BIEUP);
    } else if (vowel_of(last) == YEO || vowel_of(last) == WO || vowel_of(last) == WA || vowel_of(last) == WAE) {
        form->points[form->count - 1] = with_vowel(last, vowel_apart(vowel_of(last)));
    }
}

/* ---- verbs ---- */

/* Past, 겠 and 시 off: true where there was one, so that what is left must be a verb. `known` tells whether it is one of ours. */
static bool peel(Spelling *form, bool *known) {
    bool peeled = false;
    while (form->count > 1 || final_of(last_of(form)) == SSANGSIOS) {
        uint32_t last = last_of(form);
        if (last == U'겠' && form->count > 1) form->count--;
        else if (final_of(last) == SSANGSIOS && last != U'있' && last != U'겠') {
            form->points[form->count - 1] = with_final(last, 0);
            alias(form);
            *known = from_infinitive(form);
            if (!*known && form->count > 1 && final_of(form->points[form->count - 2]) == SSANGSIOS && last == U'었') form->count--;
            else if (!*known) infinitive_guess(form);
        } else break;
        peeled = true;
        if (!is_syllable(last_of(form))) break;
        alias(form);
    }
    return peeled;
}

/* 시 off where a verb stands before it: 하시, 좋으시, 기다리시; not 마시. */
static void peel_honorific(Spelling *form, bool *known) {
    if (form->count < 2 || last_of(form) != U'시' || is_known(form)) return;
    Spelling shorter = *form;
    shorter.count--;
    bool eu = last_of(&shorter) == U'으' && shorter.count > 1;
    if (eu) shorter.count--;
    if (!is_syllable(last_of(&shorter)) || !(eu ? from_eu(&shorter) : from_stem(&shorter, true))) return;
    *form = shorter;
    *known = true;
}

/* 이다 after a noun: 영화이, 명작이. */
static void copula_off(Spelling *form) {
    uint32_t last = last_of(form);
    uint32_t before = form->count > 1 ? form->points[form->count - 2] : 0;
    bool noun = is_syllable(before) && (final_of(before) || (form->count > 2 && before != U'보' && before != U'쓰'));
    if (last == U'여' ? before != 0 : last == U'이' && noun) form->count--;
}

static void strip_tail(Spelling *form, const uint32_t *tail, size_t left) {
    size_t len = points_len(tail);
    if (form->count >= len + left && spelling_ends(form, tail, len)) form->count -= len;
}

/* To the noun that a verb is made of: 친절하, 만족스럽, 해결되, 추천해주. */
static void verb_noun(Spelling *form) {
    alias(form);
    if (spelling_ends(form, U"자연스럽", 4) || spelling_ends(form, U"느끼하", 3)) return; /* natural is not nature, greasy not to feel */
    static const uint32_t *const makers[] = {U"해주", U"해보", U"해드리", U"드리", U"시키", U"스럽", U"하", U"되"};
    for (size_t i = 0; i < COUNT(makers); i++) {
        size_t before = form->count;
        strip_tail(form, makers[i], 2);
        if (form->count != before) return;
    }
    strip_tail(form, U"적", 2); /* of a noun with 이다 */
}

static bool ending_matches(const Spelling *form, const Ending *ending, size_t len) {
    if (form->count <= len || !spelling_ends(form, ending->tail, len)) return false;
    uint32_t before = form->points[form->count - len - 1];
    if (!is_syllable(before)) return false;
    return ending->batchim ? final_of(before) == ending->batchim && (form->count > len + 1 || len) : true;
}

/* The endings that the form has, those of equal length in the order of the table. */
typedef struct {
    const Ending *endings[ENDINGS_MAX];
    size_t sizes[ENDINGS_MAX]; /* two for a syllable, one for a final */
    size_t count;
} Endings;

/* All of them, longest first. A form has few: each is the end of the next longer. */
static void endings_find(const Spelling *form, Endings *found) {
    found->count = 0;
    for (size_t i = 0; i < COUNT(endings); i++) {
        size_t len = points_len(endings[i].tail), at = found->count, size = 2 * len + (endings[i].batchim != 0);
        if (!ending_matches(form, &endings[i], len) || found->count == ENDINGS_MAX) continue;
        for (; at && found->sizes[at - 1] < size; at--) {
            found->endings[at] = found->endings[at - 1];
            found->sizes[at] = found->sizes[at - 1];
        }
        found->endings[at] = &endings[i];
        found->sizes[at] = size;
        found->count++;
    }
}

static bool drops_rieul(const Ending *ending) {
    uint32_t initial = ending->tail[0] ? initial_of(ending->tail[0]) : 0;
    return ending->batchim || (ending->tail[0] && (initial == 2 || initial == 9));
}

/* 했어, 좋았어, 먹겠어: what stands before -요, -도, -야 where past or 겠 come first. */
static bool is_past_infinitive(const Spelling *form) {
    if (form->count < 2 || last_of(form) != U'어') return false;
    uint32_t before = form->points[form->count - 2];
    return is_syllable(before) && (final_of(before) == SSANGSIOS || is_one_of(U"앗엇햇됏겟봣왓", before)) && before != U'있';
}

/* The form without the ending, as a stem; false where that is no verb, for all we know. */
static bool ending_off(Spelling *form, const Ending *ending) {
    form->count -= points_len(ending->tail);
    if (ending->batchim) form->points[form->count - 1] = with_final(last_of(form), 0);
    bool known = false;
    alias(form);
    if (ending->joint == INFINITIVE && !is_past_infinitive(form)) {
        if (last_of(form) == U'셔') form->points[form->count - 1] = U'시';
        else known = from_infinitive(form);
        peel_honorific(form, &known);
        return known;
    }
    if (ending->joint == INFINITIVE) form->count--, alias(form);
    if (final_of(last_of(form)) == SIOS && is_one_of(U"앗엇햇됏겟봣왓잇렷졋", last_of(form)) && form->count > 1) {
        form->points[form->count - 1] = with_final(last_of(form), SSANGSIOS);
    }
    bool peeled = peel(form, &known);
    if (!is_syllable(last_of(form))) return peeled;
    alias(form);
    if (!known) known = ending->joint == EU && !peeled ? from_eu(form) : from_stem(form, drops_rieul(ending));
    peel_honorific(form, &known);
    if (!known) copula_off(form);
    return known || peeled || (ending->strong && form->count >= 2);
}

static bool is_particle_verb(const Spelling *form) {
    return form->count > 2 && (spelling_ends(form, U"보다", 2) || spelling_ends(form, U"마다", 2));
}

static bool stem_verb(Spelling *form) {
    Endings found;
    endings_find(form, &found);
    for (size_t i = 0; i < found.count; i++) {
        Spelling stem = *form;
        if (!ending_off(&stem, found.endings[i])) continue;
        if (is_particle_verb(form) && !is_known(&stem)) return false;
        *form = stem;
        verb_noun(form);
        return true;
    }
    return false;
}

/* ---- nouns ---- */

static bool fits(const Spelling *form, const Particle *particle) {
    size_t len = points_len(particle->tail);
    if (form->count <= len || !spelling_ends(form, particle->tail, len)) return false;
    size_t left = form->count - len;
    uint32_t before = form->points[left - 1];
    if (before >= '0' && before <= '9') return false;
    if (is_syllable(before)) {
        uint32_t final = final_of(before);
        if (particle->after == CONSONANT && !final) return false;
        if (particle->after == VOWEL && final) return false;
        if (particle->after == OPEN && final && final != RIEUL) return false;
    }
    if (left == 1 && len == 1 && particle->tail[0] == U'가') return is_one_of(short_ga, before);
    if (left == 1 && len == 1 && particle->tail[0] == U'도') return is_one_of(short_do, before);
    return left >= particle->left;
}

static const uint32_t *whole(const Spelling *form) {
    for (size_t i = 0; i < COUNT(wholes); i++) {
        if (points_are(form->points, form->count, wholes[i][0])) return wholes[i][1];
    }
    return NULL;
}

static bool is_noun(const Spelling *form) {
    for (size_t i = 0; i < COUNT(nouns); i++) {
        if (points_are(form->points, form->count, nouns[i])) return true;
    }
    return false;
}

static bool particle_off(Spelling *form) {
    size_t longest = 0;
    for (size_t i = 0; i < COUNT(particles); i++) {
        size_t len = points_len(particles[i].tail);
        if (len > longest && fits(form, &particles[i])) longest = len;
    }
    form->count -= longest;
    return longest > 0;
}

/* True where what is left is one of the nouns that we know. */
static bool stem_noun(Spelling *form) {
    while (!is_noun(form) && particle_off(form)) {}
    if (is_noun(form)) return true;
    if (spelling_ends(form, U"적인", 2)) form->count--;
    strip_tail(form, U"적", 2);
    strip_tail(form, U"히", 2);
    return false;
}

void stem_korean(Spelling *form) {
    if (!is_syllable(last_of(form))) return;
    const uint32_t *stem = whole(form);
    if (stem) {
        form->count = points_len(stem);
        memcpy(form->points, stem, form->count * sizeof *stem);
        return;
    }
    Spelling noun = *form;
    if (stem_noun(&noun) || !stem_verb(form)) *form = noun;
}
